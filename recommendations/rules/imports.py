"""Why a file, or a row of one, is refused: each rule in one sentence. And how far a worker has come with one."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.vocabulary import ImportPhase, ImportTask

SHARES = {
    ImportTask.EXAMINE: {
        ImportPhase.READING: (0, 55),
        ImportPhase.JUDGING: (55, 87),
        ImportPhase.WRITING: (87, 100),
    },
    ImportTask.APPLY: {ImportPhase.JUDGING: (0, 10), ImportPhase.WRITING: (10, 100)},
}
"""From what to what per cent each phase of a task goes, by the time that it took with 8,000 new rows."""

OF_FILES = {
    "header_unknown": gettext_lazy("There is no such column in this format."),
    "header_missing": gettext_lazy("This column is missing, or not in its place."),
    "header_twice": gettext_lazy("This column is there twice."),
    "row_length": gettext_lazy("The row has more or fewer cells than the header."),
    "preamble_unknown": gettext_lazy("The lines before the header are not those of this format."),
    "as_of_unknown": gettext_lazy("The line that says as of when the file is cannot be read."),
    "encoding": gettext_lazy("The file is not UTF-8."),
    "csv": gettext_lazy("This is no CSV: a quotation mark is not closed, or stands where it must not."),
    "json": gettext_lazy("This is no JSON of the kind expected."),
    "line_too_long": gettext_lazy("The line is longer than a million characters."),
    "too_many_rows": gettext_lazy("There are more rows than may be imported here at once."),
    "empty": gettext_lazy("There is no row in the file."),
}

OF_ROWS = {
    "required": gettext_lazy("It must say something here."),
    "too_long": gettext_lazy("It is longer than may be."),
    "no_text": gettext_lazy("It has a NUL or half a character."),
    "code_shape": gettext_lazy(
        "A code has letters, digits, “-” and “_” only, and at most 40 of them (20 for a source)."
    ),
    "date": gettext_lazy("It is no date as this format writes them."),
    "flag": gettext_lazy("It is neither yes nor no."),
    "number": gettext_lazy("It is no whole number."),
    "list": gettext_lazy("It is no list."),
    "word_unknown": gettext_lazy("It is not a word of our vocabulary."),
    "label_unknown": gettext_lazy("The mapping does not know this word of that system."),
    "one_answer": gettext_lazy("It must be one answer of one state."),
    "header_unknown": OF_FILES["header_unknown"],
    "key_twice": gettext_lazy("Another row of the file has the same key."),
    "code_twice": gettext_lazy("Another row of the file would get the same code."),
    "code_taken": gettext_lazy("Another recommendation, which did not come from such a file, has this code."),
    "source_unknown": gettext_lazy("There is no source of this code."),
    "source_other": gettext_lazy("It belongs to another source than the one named for the file."),
    "source_differs": gettext_lazy(
        "Another row names a document of the same code with another title or day."
    ),
    "fixed": gettext_lazy("It stays as it was made and cannot be changed."),
    "parent_unknown": gettext_lazy("There is no recommendation of this code, here or in the file."),
    "recommendation_part_of_a_whole": gettext_lazy(
        "A part belongs to a whole recommendation of the same source."
    ),
    "theme_unknown": gettext_lazy("There is no theme of this code."),
    "institution_unknown": gettext_lazy("There is no institution of this code."),
    "office_has_none": gettext_lazy("A verdict of this office has no other institution."),
    "assessment_not_in_the_future": gettext_lazy("The day has not come yet."),
    "assessment_not_before_source": gettext_lazy("The day is before the source was published."),
    "response_not_in_the_future": gettext_lazy("The day has not come yet."),
    "changed_since": gettext_lazy("Somebody has changed it since the version that the file names."),
}


def of_file(rule: str, line: int, column: str, value: str) -> str:
    """Where a file cannot be read on, and why."""
    told = _("Line %(line)d: %(rule)s") % {"line": line, "rule": OF_FILES[rule]}
    named = [f"{column}"] if column else []
    named += [f"“{value}”"] if value else []
    return f"{told} ({', '.join(named)})" if named else told


def of_row(rule: str) -> str:
    """Why a row is refused."""
    return str(OF_ROWS[rule])


def percent(task: str, phase: str, done: int, total: int) -> int:
    """How much of a task is over, in all its phases together. It is never less than it was."""
    if phase == ImportPhase.DONE:
        return 100
    first, last = SHARES[ImportTask(task)].get(ImportPhase(phase), (0, 0))
    return first + (last - first) * done // max(total, 1)
