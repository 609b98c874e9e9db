from tests.torture import layouts


def test_no_generated_layout_is_read_wrongly_in_silence():
    assert "0 wrong in silence" in layouts.run(40)
