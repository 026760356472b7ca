"""Which lessons a round gets: relevance by code and description, and the paper's order with our additions."""

from dataclasses import replace
from pathlib import Path

import pytest

from quickstudy.bank.embedding import pack, unpack
from quickstudy.bank.language import Language, WordsOnly
from quickstudy.bank.relevance import RELEVANT, Bag, bag, relevance, terms
from quickstudy.bank.selection import Scored, adjustment, choose, worth
from quickstudy.languages import language_for
from quickstudy.records import Lesson

LESSON = Lesson(
    id=1,
    text="Build a set once, so that each membership test is a hash lookup.",
    outcome="faster",
    speedup=2.0,
    low=1.9,
    high=2.1,
    agent="local/one",
    round=1,
    path="m.py",
    qualname="f",
    language="python",
    sha256="00",
    original="",
    candidate="",
    run="run",
    toolchain="CPython 3.11.2",
    platform="Linux",
    created="2026-01-02T03:04:05+00:00",
)
TOOLCHAIN = "CPython 3.11.7"
PYTHON = language_for(Path("m.py"))
TEXTS = (
    "A dictionary of counts replaces repeated counting.",
    "Join the parts at the end rather than growing a string.",
    "Sorting once outside of the loop is enough.",
    "The window's sum can be updated instead of computed anew.",
    "Caching pays since the same subproblems come again.",
    "The order of equal keys was lost by this attempt.",
)


def pool(*speedups_and_relevances: tuple[float | None, float]) -> list[Scored]:
    """Lessons with texts of their own, numbered from 1."""
    return [
        Scored(
            replace(
                LESSON,
                id=id,
                text=TEXTS[id - 1],
                speedup=speedup,
                outcome="wrong" if speedup is None else "faster" if speedup > 1 else "slower",
            ),
            relevant,
        )
        for id, (speedup, relevant) in enumerate(speedups_and_relevances, 1)
    ]


def ids(pool: list[Scored], k: int = 2) -> list[int]:
    return [lesson.id for lesson in choose(pool, k, TOOLCHAIN)]


def test_a_small_pool_is_selected_whole():
    """With at most k lessons all are selected, the failures too."""
    assert ids(pool((None, 0.1), (3.0, 0.2), (0.5, 0.3)), k=4) == [2, 3, 1]


def test_gains_come_first_then_relevance():
    """The better half is by s*f from 1.1 on, the rest by relevance [LessonL Algorithm 4]."""
    lessons = pool((5.0, 0.1), (1.05, 0.9), (3.0, 0.2), (None, 0.8), (2.0, 0.3))
    assert ids(lessons, k=3) == [1, 3, 2]
    assert ids(lessons, k=4) == [1, 3, 2, 4]


def test_the_factor_counts_with_the_speedup():
    """A lesson that misled its users falls behind one with a smaller speedup."""
    first, second = pool((5.0, 0.1), (3.0, 0.1))
    misleading = Scored(replace(first.lesson, credit=0.5), 0.1)
    assert ids([misleading, second], k=1) == [2]


def test_without_gains_all_are_chosen_by_relevance():
    assert ids(pool((1.09, 0.1), (None, 0.7), (0.9, 0.5))) == [2, 3]


def test_near_duplicates_are_selected_once():
    """Of two lessons that say the same, the one with the better s*f stays, wherever it was found."""
    first, second, third = pool((1.2, 0.9), (9.0, 0.1), (1.3, 0.2))
    twin = Scored(replace(third.lesson, text=first.lesson.text.upper()), 0.2)
    assert ids([first, second, twin]) == [2, 3]
    assert ids([first, second, twin], k=4) == [2, 3]


def test_a_gain_and_a_failure_are_no_duplicates():
    """The same words about a success and about a failure are two lessons."""
    first, second = pool((2.0, 0.5), (None, 0.5))
    assert ids([first, Scored(replace(second.lesson, text=first.lesson.text), 0.5)]) == [1, 2]


def test_pinned_is_preferred_at_equal_score():
    lessons = pool((None, 0.5), (None, 0.5), (None, 0.5))
    lessons[0] = Scored(replace(lessons[0].lesson, pinned=True), 0.5)
    assert ids(lessons, k=1) == [1]


@pytest.mark.parametrize(
    ("toolchain", "expected"),
    [
        ("CPython 3.11.9", 2.0),
        ("CPython 3.11.0rc2+", 2.0),
        ("CPython 3.10.4", 1.8),
        ("CPython 3.1.1", 1.8),
        ("PyPy 3.11.2", 1.8),
        ("gcc 3.11.2 -O2", 1.8),
        ("", 1.8),
    ],
)
def test_a_claim_from_another_toolchain_is_discounted(toolchain: str, expected: float):
    """Another minor version is another one; a version that only mends faults is not."""
    assert pytest.approx(expected) == worth(replace(LESSON, toolchain=toolchain), TOOLCHAIN)


def test_a_claim_without_a_figure_is_worth_nothing():
    assert 0.0 == worth(replace(LESSON, speedup=None), TOOLCHAIN)


def test_flags_of_a_compiler_are_a_part_of_a_toolchain():
    """What was measured with others says less; the third number of its version says nothing."""
    lesson = replace(LESSON, toolchain="gcc 14.2.0 -O2")
    assert [2.0, 1.8] == [worth(lesson, "gcc 14.2.1 -O2"), pytest.approx(worth(lesson, "gcc 14.2.0 -O3"))]


@pytest.mark.parametrize(
    ("wins", "factor"), [([True], 1.1), ([False], 0.9), ([True, True, False], 3.1 / 3), ([], 1.0)]
)
def test_one_use_adjusts_as_in_the_paper(wins: list[bool], factor: float):
    """c/n with a step of 0.1 for each attempt [LessonL Algorithm 4]."""
    assert adjustment(wins) == pytest.approx(factor)


def bagged(code: str, text: str = "", language: Language = PYTHON) -> Bag:
    """The terms of a lesson or a function, stored and read again."""
    return bag(terms(code, language, text), language)


FAMILIES = {
    "membership in a list": {
        "find_common": '''
def find_common(a, b):
    """Items of a that are in b, each once, in order."""
    result = []
    for x in a:
        if x in b and x not in result:
            result.append(x)
    return result
''',
        "unique_in_order": """
def unique_in_order(items):
    seen = []
    for item in items:
        if item not in seen:
            seen.append(item)
    return seen
""",
        "missing_ids": """
def missing_ids(xs, ys):
    return [x for x in xs if x not in ys]
""",
    },
    "a growing string": {
        "render_rows": """
def render_rows(rows):
    out = ""
    for row in rows:
        for cell in row:
            out += str(cell) + ","
        out += "\\n"
    return out
""",
        "hex_dump": """
def hex_dump(payload: bytes) -> str:
    line = ""
    for byte in payload:
        line = line + f"{byte:02x} "
    return line
""",
    },
    "branching recursion": {
        "fib": """
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)
""",
        "count_paths": """
def count_paths(rows, cols):
    if rows == 1 or cols == 1:
        return 1
    return count_paths(rows - 1, cols) + count_paths(rows, cols - 1)
""",
    },
    "trial division": {
        "is_prime": """
def is_prime(n):
    for d in range(2, n):
        if n % d == 0:
            return False
    return n > 1
""",
        "primes_below": """
def primes_below(limit):
    primes = []
    for n in range(2, limit):
        for d in range(2, n):
            if n % d == 0:
                break
        else:
            primes.append(n)
    return primes
""",
    },
    "aggregates of slices": {
        "running_max": """
def running_max(series):
    out = []
    for i in range(len(series)):
        out.append(max(series[: i + 1]))
    return out
""",
        "moving_sums": """
def moving_sums(xs, width):
    return [sum(xs[i : i + width]) for i in range(len(xs) - width + 1)]
""",
    },
    "counting anew": {
        "word_counts": """
def word_counts(text):
    words = text.lower().split()
    return {word: words.count(word) for word in words}
""",
        "most_common_tag": """
def most_common_tag(tags):
    best = None
    for tag in tags:
        if best is None or tags.count(tag) > tags.count(best):
            best = tag
    return best
""",
    },
    "already hashed": {
        "new_names": """
def new_names(names, known):
    known = set(known)
    return [name for name in names if name not in known]
""",
    },
    "straight on": {
        "parse_date": """
def parse_date(text):
    year, month, day = text.strip().split("-")
    return datetime.date(int(year), int(month), int(day))
""",
    },
    "a file": {
        "load_settings": """
def load_settings(path, defaults):
    settings = dict(defaults)
    settings.update(json.loads(path.read_text()))
    return settings
""",
    },
}


def test_similar_functions_find_each_other_and_no_others():
    """Precision and recall are 1 on functions of nine patterns, whatever their names."""
    bags = {name: bagged(code) for codes in FAMILIES.values() for name, code in codes.items()}
    expected = {(a, b) for codes in FAMILIES.values() for a in codes for b in codes if a != b}
    found = {(a, b) for a in bags for b in bags if a != b and relevance(bags[a], bags[b]) >= RELEVANT}
    assert found == expected


def test_the_text_tells_lessons_about_one_function_apart():
    """Of two lessons about one function, the one that speaks of the target's trouble is more relevant."""
    code = FAMILIES["aggregates of slices"]["running_max"] + FAMILIES["membership in a list"]["find_common"]
    target = bagged(FAMILIES["membership in a list"]["missing_ids"])
    fitting = bagged(code, "Membership tests got faster by a set.")
    other = bagged(code, "Keep the running maximum instead of a new slice.")
    assert relevance(target, fitting) > relevance(target, other)


@pytest.mark.parametrize("language", [PYTHON, WordsOnly("c")])
def test_code_that_does_not_parse_is_known_by_its_words(language: Language):
    """As is code in a language that nobody here knows: there are no features, and the words decide."""
    one = "int vertexDegree(const Graph *graph) { return graph->edges; }"
    two = "int vertex_degree(Graph graph) { return count(graph.edges); }"
    assert language.features(one) == frozenset()
    assert relevance(bagged(one, language=language), bagged(two, language=language)) > RELEVANT


def test_terms_of_different_languages_are_different_terms():
    """So that an index of all of them is asked within one; those of the first are as they were released."""
    code = "int vertex_degree(Graph graph) { return count(graph.edges); }"
    first, other = (set(terms(code, language).split()) for language in (WordsOnly("python"), WordsOnly("c")))
    assert {f"c~{term}" for term in first} == other
    assert bagged(code, language=WordsOnly("python")) == bagged(code, language=WordsOnly("c"))


@pytest.mark.parametrize("code", ["", "def f(:", "\0", "x = '\\d'", "(" * 1000])
def test_any_text_has_terms(code: str):
    """Broken, empty and strange code is no error."""
    assert relevance(bagged(code), bagged(code)) <= 1.0


def test_sets_are_told_from_lists():
    """A membership test is a feature only where it costs something."""
    assert "scan" not in PYTHON.features(FAMILIES["already hashed"]["new_names"])
    assert "scan" not in PYTHON.features("def f(s):\n    return [c for c in s if c in 'aeiou']\n")


def test_a_vector_survives_packing():
    assert list(unpack(pack([0.5, -2.0]))) == [0.5, -2.0]
