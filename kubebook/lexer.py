"""A Pygments lexer for what Kubernetes commands print: tables, states, messages, HTTP, JSON."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups, include, words
from pygments.token import Generic, Keyword, Literal, Name, Number, Punctuation, String, Text

GOOD = (
    "Running", "Ready", "Succeeded", "Completed", "Complete", "Active", "Available", "Bound",
    "Healthy", "Success", "OK", "ok", "created", "Created", "Started", "Pulled", "Scheduled",
)  # fmt: skip
WAITING = (
    "Pending", "ContainerCreating", "PodInitializing", "Terminating", "Waiting", "Progressing",
    "Unknown", "SchedulingDisabled", "Released", "Suspended", "Warning",
)  # fmt: skip
BAD = (
    "NotReady", "Failed", "Failure", "FailedScheduling", "FailedMount", "Error", "Unhealthy",
    "Evicted", "CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "ErrImageNeverPull",
    "InvalidImageName", "CreateContainerConfigError", "CreateContainerError", "OOMKilled",
    "RunContainerError", "BackOff", "DeadlineExceeded", "Forbidden", "forbidden", "Unauthorized",
    "NotFound", "Conflict", "Invalid", "denied", "refused",
)  # fmt: skip

# A state stands alone: "NotReady" is not "Ready", and "Ready-check" is a name.
BEFORE, AFTER = r"(?<![\w./-])", r"(?![\w/-]|\.\w)"
STATES = (
    (words(GOOD, prefix=BEFORE, suffix=AFTER), Generic.Inserted),
    (words(WAITING, prefix=BEFORE, suffix=AFTER), Generic.Emph),
    (words(BAD, prefix=BEFORE, suffix=AFTER), Generic.Error),
    (r"(?<![\w./-])Init:(?:Error|CrashLoopBackOff|\w*BackOff)\b", Generic.Error),
    (r"(?<![\w./-])Init:\d+/\d+\b", Generic.Emph),
    (r"(?<![\w./-])(\d+)/\1(?![\w./-])", Generic.Inserted),
    (r"(?<![\w./-])\d+/\d+(?![\w./-])", Generic.Emph),
)

groups: Any = bygroups  # its stub has no types

WORD = r"[A-Z][A-Z0-9()%/:.-]*"
GAP = r"(?: {2,}|\t)"
NUMBER = r"\d{4,}"  # a year or a port stands in a heading; a status, as in "POST 403", does not
HEADING = rf"{WORD}(?: (?:{WORD}|{NUMBER}))*"


class KubeOutputLexer(RegexLexer):
    """Colours outputs for reading; it never changes, drops or adds a character.

    Good states become Generic.Inserted, bad ones Generic.Error, waiting ones Generic.Emph.
    """

    name = "Kubernetes output"
    aliases = ("kube-output",)
    filenames = ("*.out",)
    flags = re.MULTILINE

    tokens: ClassVar[dict[str, list[Any]]] = {
        "root": [
            (rf"^NAMESPACE +NAME(?:{GAP}{HEADING})* *$", Generic.Heading, "namespaced"),
            (rf"^NAME(?:{GAP}{HEADING})+ *$", Generic.Heading, "named"),
            (rf"^{HEADING}(?:{GAP}{HEADING})+ *$", Generic.Heading),
            (r"^NAME$", Generic.Heading),
            (rf"^\|(?: +{HEADING} +\|)+ *$", Generic.Heading),
            (r"^[|+][-+|=]{2,} *$", Punctuation),
            (r"^(?:Error from server|Unable to connect|[Ee]rror:|ERROR:).*$", Generic.Error),
            (r"^The connection to the server .*$", Generic.Error),
            (r"^Warning:.*$", Generic.Emph),
            include("http"),
            include("line"),
        ],
        "namespaced": [
            (rf"^(\S+)({GAP})(\S+)(?={GAP}|$)", groups(Name.Namespace, Text, Name.Entity)),
            (r"^", Text, "#pop"),
            include("line"),
        ],
        "named": [
            (rf"^[a-z0-9]\S*(?={GAP})", Name.Entity),
            (r"^", Text, "#pop"),
            include("line"),
        ],
        "http": [
            (r"^(HTTP/[\d.]+)( )([123]\d\d)( ?.*)$",
             groups(Keyword, Text, Generic.Inserted, Generic.Inserted)),
            (r"^(HTTP/[\d.]+)( )([45]\d\d)( ?.*)$",
             groups(Keyword, Text, Generic.Error, Generic.Error)),
            (r"^[123]\d\d$", Generic.Inserted),
            (r"^[45]\d\d(?: [A-Z][A-Za-z ]+)?$", Generic.Error),
            (r"^yes$", Generic.Inserted),
            (r"^no(?: - .*)?$", Generic.Error),
        ],
        "line": [
            (r'("(?:code|status_?[cC]ode)")( *)(:)( *)([45]\d\d)\b',
             groups(Name.Tag, Text, Punctuation, Text, Generic.Error)),
            (r'("status"|"reason")( *)(:)( *)("(?:Failure|Forbidden|NotFound|Unauthorized)")',
             groups(Name.Tag, Text, Punctuation, Text, Generic.Error)),
            (r'"(?:\\.|[^"\\\n])*"(?=\s*:)', Name.Tag),
            (r'"(?:\\.|[^"\\\n])*"', String.Double),
            (r"(^[ -]*)([A-Za-z][\w./ -]*)(:)(?= |$)", groups(Text, Name.Tag, Punctuation)),
            (r"\((?:[45]\d\d)\)", Generic.Error),
            (r"\bhttps?://[^\s|\"'<>]+", String.Other),
            (r"<(?:none|unset|pending|unknown|invalid|nil)>", Generic.Output),
            *STATES,
            (r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?(?::\d+)?(?![\w.])", Number.Hex),
            (r"(?<![\w.-])[a-z][a-z.]*/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?= |$)", Name.Entity),
            (r"(?<![\w.-])\d+[dhms](?:\d+[hms])?(?![\w.-])", Literal.Date),
            (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?\b", Literal.Date),
            (r"(?<![\w.-])v\d+\.\d+(?:\.\d+)?(?:[-+][\w.]+)?\b", Number.Float),
            (r"(?<![\w.\-/])(?:true|false|null|True|False)(?=[,\s\]}]|$)", Keyword.Constant),
            (r"^[ ]*[\]\[{}]+,?$|[\[\]{}|]", Punctuation),
            (r"\n", Text),
            (r"[^\S\n]+", Text),
            (r"\w+(?:[./-]\w+)*", Text),
            (r".", Text),
        ],
    }  # fmt: skip
