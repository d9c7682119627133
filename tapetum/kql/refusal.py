"""What to say of a text that is no query: where it stops making sense and what could stand there."""

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from tapetum.kql.errors import KqlError, shown

FIELD_NAME = "field name"

_NAMES = {
    "LPAR": '"("',
    "RPAR": '")"',
    "LBRACE": '"{"',
    "RBRACE": '"}"',
    "_NOT": "not",
    "_AND": "and",
    "_OR": "or",
    "$END": "the end",
}


def explain(grammar: Lark, text: str, error: UnexpectedInput) -> KqlError:
    at = len(text) if _ended(error) else (error.pos_in_stream or 0)
    column = at + 1
    if text[at : at + 1] == '"' and isinstance(error, UnexpectedCharacters):
        return KqlError(
            f'The quote at column {column} is never closed; end the phrase with ", '
            'or write \\" for the character itself.',
            column,
            ("closing quote",),
        )
    expected = _expected(_state_before(grammar, text))
    ends = at >= len(text)
    found = "The query ends too early" if ends else f"Unexpected {shown(_word(text, at, error))}"
    message = f"{found} at column {column}; expected {_either(expected)}{_way_out(text, at)}."
    return KqlError(message, column, expected)


def _ended(error: UnexpectedInput) -> bool:
    return isinstance(error, UnexpectedToken) and error.token.type == "$END"


def _word(text: str, at: int, error: UnexpectedInput) -> str:
    return str(error.token) if isinstance(error, UnexpectedToken) else text[at]


def _way_out(text: str, at: int) -> str:
    if text[at : at + 1] == ":":
        return "; put a value that holds a colon in quotes"
    if text[at : at + 1] == "\\":
        return "; a backslash itself is written \\\\"
    return ""


def _state_before(grammar: Lark, text: str) -> InteractiveParser:
    """Reads again and stops before the offending token: the parser's own state has moved past it."""
    state = grammar.parse_interactive(text)
    tokens = state.lexer_thread.lex(state.parser_state)
    while True:
        try:
            token = next(tokens)
        except (StopIteration, UnexpectedInput):
            return state
        before = state.copy(deepcopy_values=False)
        try:
            state.feed_token(token)
        except UnexpectedToken:
            return before


def _expected(state: InteractiveParser) -> tuple[str, ...]:
    accepted = state.accepts()
    names = [name for terminal, name in _NAMES.items() if terminal in accepted]
    if "TEXT" in accepted:
        names += kinds_of_literal(state)
    return tuple(names)


def kinds_of_literal(state: InteractiveParser) -> list[str]:
    after = state.copy(deepcopy_values=False)
    after.feed_token(Token("TEXT", "x"))
    return [FIELD_NAME, "value"] if "COLON" in after.accepts() else ["value"]


def _either(names: tuple[str, ...]) -> str:
    with_article = [f"a {name}" if name in (FIELD_NAME, "value") else name for name in names]
    return (
        with_article[0] if len(with_article) == 1 else f"{', '.join(with_article[:-1])} or {with_article[-1]}"
    )
