"""What came for a rule that is judged later is kept until somebody has judged it, and no longer."""

from tapetum.service.rulebook import Rulebook, Touched


def test_what_comes_while_it_is_judged_is_judged_next() -> None:
    book = Rulebook()
    book.touch("w", "east", Touched(100, 100))
    taken = book.take("w", "east")
    book.touch("w", "east", Touched(200, 210))
    assert taken == Touched(100, 100)
    assert book.touched() == {("w", "east"): Touched(200, 210)}, "and what was judged is not judged again"


def test_what_could_not_be_judged_comes_again_with_what_came_since() -> None:
    book = Rulebook()
    book.touch("w", "east", Touched(100, 100))
    taken = book.take("w", "east")
    book.touch("w", "east", Touched(90, 210))
    assert taken is not None
    book.touch("w", "east", taken)
    assert book.take("w", "east") == Touched(90, 210)
    assert book.take("w", "east") is None
