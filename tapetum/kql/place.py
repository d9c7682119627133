"""Where in a query a cursor stands: what was read before it, and which field a value would belong to."""

from lark import Token
from lark.exceptions import UnexpectedInput
from lark.parsers.lalr_interactive_parser import InteractiveParser

from tapetum.kql.fields import Catalogue, Field
from tapetum.kql.literals import read_bare, read_quoted
from tapetum.kql.parser import grammar


class Place:
    """The end of `before`: the parser's state, and the literal that the cursor touches, not yet read.

    Raises lark's UnexpectedInput, or KqlError, where the text before cannot begin a query.
    """

    def __init__(self, before: str, known: Catalogue) -> None:
        self._known = known
        self._literal = ""
        self._groups: list[tuple[Field | None, Field | None]] = [(None, None)]
        self.field: Field | None = None
        self.state: InteractiveParser = grammar().parse_interactive(before)
        self.word = self._read(before)
        self.quoted = self.word.startswith('"')

    @property
    def nested(self) -> Field | None:
        """The field whose braces are open."""
        return self._groups[-1][1]

    @property
    def last(self) -> Field | None:
        """The field that the last literal read would name."""
        return self.find(self._literal)

    @property
    def text(self) -> str:
        """The text of the unfinished literal; its quote or last escape may still be open."""
        if self.quoted:
            return read_quoted(f'{self.word}"', 0)
        return "*".join(read_bare(self.word, 0))

    def find(self, name: str) -> Field | None:
        return self._known.find(f"{self.nested.name}.{name}" if self.nested else name)

    def _read(self, before: str) -> str:
        """Feeds all tokens but the one that the cursor touches, which it returns."""
        tokens = self.state.lexer_thread.lex(self.state.parser_state)
        while True:
            try:
                token = next(tokens, None)
            except UnexpectedInput as error:
                at = error.pos_in_stream or 0
                if before[at : at + 1] != '"':
                    raise
                return before[at:]
            if token is None:
                return ""
            if token.end_pos == len(before) and token.type in ("TEXT", "_AND", "_OR", "_NOT"):
                return str(token)
            self.state.feed_token(token)
            self._pass_over(token)

    def _pass_over(self, token: Token) -> None:
        match token.type:
            case "TEXT":
                self._literal = "*".join(read_bare(str(token), 0))
            case "QUOTED":
                self._literal = read_quoted(str(token), 0)
            case "COLON" | "RANGE":
                self.field = self.last
            case "LPAR":
                self._groups.append((self.field, self.nested))
            case "LBRACE":
                self._groups.append((None, self.field))
                self.field = None
            case "RPAR" | "RBRACE":
                self._groups.pop()
                self.field = self._groups[-1][0]
            case _:  # a keyword: the next value belongs to the list that it stands in, if any
                self.field = self._groups[-1][0]
