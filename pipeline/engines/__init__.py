"""What reads pages and proposes pairs."""
