"""The query language: grammar, syntax tree, field catalogue, completion, predicate."""

from tapetum.kql.analysis import fields_used
from tapetum.kql.catalogues import catalogue
from tapetum.kql.completion import Completes, Suggestion, complete
from tapetum.kql.errors import KqlError
from tapetum.kql.fields import Catalogue, Field, FieldType
from tapetum.kql.parser import parse
from tapetum.kql.predicate import Predicate, compile_predicate
from tapetum.kql.syntax import Query, all_of, any_of

__all__ = [
    "Catalogue",
    "Completes",
    "Field",
    "FieldType",
    "KqlError",
    "Predicate",
    "Query",
    "Suggestion",
    "all_of",
    "any_of",
    "catalogue",
    "compile_predicate",
    "complete",
    "fields_used",
    "parse",
]
