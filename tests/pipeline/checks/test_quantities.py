import pytest

from pipeline.checks.quantities import Quantity, converts, equal, readings, unit_at


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("0.750", ("0.75",)),
        (".75", ("0.75",)),
        ("0,75", ("0.75",)),
        ("10.0", ("10",)),
        ("05", ("05", "5")),
        ("3,000", ("3000", "3")),
        ("1,250,000", ("1250000",)),
        ("1/2", ("0.5", "1/2")),
        ("1 1/2", ("1.5", "1 1/2")),
        ("0", ("0",)),
    ],
)
def test_a_written_number_has_these_values(written, values):
    assert readings(written) == values


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Quantity("2.6", "kΩ"), Quantity("2600", "Ω")),
        (Quantity("1.5", "cm"), Quantity("15", "mm")),
        (Quantity("1", "bar"), Quantity("100", "kPa")),
        (Quantity("24", "Nm"), Quantity("24", "Nm")),
    ],
)
def test_multiples_of_one_unit_are_equal(one, other):
    assert equal(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Quantity("24", "Nm"), Quantity("24", "lbf·ft")),
        (Quantity("25.4", "mm"), Quantity("1", "in")),
        (Quantity("2.6", "kΩ"), Quantity("2.6", "Ω")),
        (Quantity("40", "°C"), Quantity("40", "°F")),
        (Quantity("5", ""), Quantity("5", "mm")),
    ],
)
def test_other_units_are_never_equal(one, other):
    assert not equal(one, other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Quantity("25", "Nm"), Quantity("18", "lbf·ft"), True),
        (Quantity("25", "Nm"), Quantity("25", "lbf·ft"), False),
        (Quantity("200", "°C"), Quantity("392", "°F"), True),
        (Quantity("250", "kPa"), Quantity("36", "psi"), True),
        (Quantity("3", "mm"), Quantity("0.118", "in"), True),
        (Quantity("3", "mm"), Quantity("3", "mm"), False),
        (Quantity("3", "mm"), Quantity("3", "V"), False),
    ],
)
def test_a_conversion_is_known_up_to_rounding(one, other, same):
    assert converts(one, other) is same


def test_single_letters_are_units_only_behind_a_number():
    assert unit_at("A", 0, after_number=True) == ("A", 1)
    assert unit_at("A", 0, after_number=False) is None
    assert unit_at("Nm", 0, after_number=False) == ("Nm", 2)
