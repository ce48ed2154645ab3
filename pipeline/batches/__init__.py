"""Many paid requests sent as one at half the price: collected, sent, waited for, fetched, each paid once."""
