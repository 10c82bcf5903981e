"""Wrong types, wrong encodings, huge numbers, threads, forks, subinterpreters: exceptions only."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time

import kms_alias
import pytest
from accounts import KEYS, described, key
from hypothesis import given
from hypothesis import strategies as st
from kms_alias import AliasName, ParseError, Table
from test_identifiers import CLASSES, _plural

anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.binary(),
    st.text(),
    st.lists(st.integers()),
    st.dictionaries(st.text(), st.integers()),
    st.just(object()),
    st.just(10**400),
    st.text(alphabet=st.characters(categories=["Cs"])),
)


@given(anything)
def test_a_class_of_identifiers_takes_strings_alone(value):
    for kind in CLASSES:
        if isinstance(value, str):
            assert kind.is_valid(value) in (True, False)
        else:
            for call in (kind, kind.is_valid, getattr(kms_alias, f"valid_{_plural(kind)}")):
                with pytest.raises(TypeError):
                    call([value] if call is not kind and call is not kind.is_valid else value)


@given(st.text(alphabet=st.characters(categories=["Cs"]), min_size=1), st.text(), st.text())
def test_a_lone_surrogate_is_an_invalid_character(surrogate, before, after):
    for text in (before + surrogate + after, f"alias/{surrogate}", f"alias/pay{surrogate}"):
        for kind in CLASSES:
            assert not kind.is_valid(text)
            with pytest.raises(ParseError) as caught:
                kind(text)
            assert text[: caught.value.position].isascii()
        assert kms_alias.valid_alias_names([text, "alias/a"]) == [False, True]
    with pytest.raises(ParseError) as caught:
        AliasName(f"alias/pay{surrogate}")
    assert (caught.value.rule, caught.value.position) == ("A3", 9)


def table():
    return Table.from_account(described(key(KEYS[0])))


@given(anything, anything)
def test_a_table_takes_anything_and_raises_exceptions_only(one, other):
    mine = table()
    calls = [
        lambda: mine.create_alias(one, other),
        lambda: mine.create_alias("alias/a", KEYS[0], at=one),
        lambda: mine.update_alias("alias/a", other),
        lambda: mine.delete_alias(one),
        lambda: mine.schedule_key_deletion(KEYS[0], one),
        lambda: mine.list_aliases(one, limit=other, marker=one),
        lambda: mine.list_keys(limit=one, marker=other),
        lambda: mine.describe_key(one),
        lambda: mine.apply(one, other),
        lambda: mine.apply("CreateAlias", {"AliasName": one, "TargetKeyId": other}),
        lambda: mine.set_key_state(KEYS[0], one),
        lambda: mine.insert_key(one),
        lambda: mine.get(one),
        lambda: one in mine,
        lambda: Table(one, other),
        lambda: Table("eu-west-3", "111122223333", reserved=one, aliases_per_key=other),
        lambda: kms_alias.check(one, other),
        lambda: kms_alias.check([one], other, at=one),
        lambda: kms_alias.audit(one),
        lambda: kms_alias.audit([one], account=other),
    ]
    for call in calls:
        try:
            call()
        except Exception as error:  # noqa: BLE001
            assert "panic" not in type(error).__name__.lower(), error


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**400])
def test_huge_integers_are_overflows(number):
    mine = table()
    for call in (
        lambda: mine.list_aliases(limit=number),
        lambda: mine.schedule_key_deletion(KEYS[0], number),
        lambda: Table("eu-west-3", "111122223333", aliases_per_key=number),
    ):
        with pytest.raises(OverflowError):
            call()
    with pytest.raises(kms_alias.ValidationException):
        mine.list_aliases(limit=2**63 - 1)


def test_a_list_that_changes_while_it_is_judged():
    texts = ["alias/payments"] * 200_000
    wanted = kms_alias.valid_alias_names(texts)
    stop = threading.Event()

    def disturb():
        while not stop.is_set():
            texts[0:10] = ["alias/x"] * 10
            texts.append("alias/more")
            texts.pop()

    other = threading.Thread(target=disturb)
    other.start()
    try:
        for _ in range(20):
            verdicts = kms_alias.valid_alias_names(texts)
            assert all(verdicts) and len(verdicts) in (len(wanted), len(wanted) + 1)
    finally:
        stop.set()
        other.join()


def test_other_threads_run_while_a_list_is_judged():
    """A thread that counts gets on while another judges long lists."""
    texts = ["alias/payments" * 17] * 300_000
    ended = threading.Event()

    def judge():
        for _ in range(3):
            kms_alias.valid_key_identifiers(texts)
        ended.set()

    judging = threading.Thread(target=judge)
    judging.start()
    turns = 0
    while not ended.is_set():
        turns += 1
        time.sleep(0)
    judging.join()
    assert turns > 10


def test_threads_share_a_table():
    mine = Table.from_account(described(key(KEYS[0])), aliases_per_key=10_000)

    def create(number):
        for index in range(200):
            mine.create_alias(f"alias/{number}-{index}", KEYS[0])
            mine.list_aliases(limit=5)

    threads = [threading.Thread(target=create, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mine) == 8 * 200


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_goes_on():
    mine = table()
    mine.create_alias("alias/a", KEYS[0])
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            mine.create_alias("alias/b", KEYS[0])
            valid = kms_alias.valid_alias_names(list(mine) * 1000)
            os.write(write, str((all(valid), len(mine))).encode())
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert os.read(read, 100) == b"(True, 2)"
    assert len(mine) == 1


def run(code):
    code = textwrap.dedent(code)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)


def test_a_subinterpreter_gets_an_exception():
    """The classes of the exceptions are those of the interpreter that came first."""
    done = run(
        """
        import kms_alias
        try:
            import _interpreters as interpreters
        except ImportError:
            import _xxsubinterpreters as interpreters
        other = interpreters.create()
        code = '''
        try:
            import kms_alias
            print(kms_alias.AliasName("alias/a"))
        except ImportError as error:
            print("ImportError", error)
        '''
        import textwrap
        interpreters.run_string(other, textwrap.dedent(code))
        interpreters.destroy(other)
        print(kms_alias.AliasName("alias/b"))
        """
    )
    assert done.returncode == 0, done.stderr
    first, last = done.stdout.strip().splitlines()
    assert first.startswith("ImportError") and last == "alias/b"


def test_the_end_of_a_program_is_calm():
    done = run(
        """
        import threading, kms_alias
        texts = ["alias/payments"] * 500_000
        def judge():
            while True:
                kms_alias.valid_alias_names(texts)
        threading.Thread(target=judge, daemon=True).start()
        """
    )
    assert done.returncode == 0, done.stderr


def test_a_subinterpreter_that_came_first_keeps_the_module():
    done = run(
        """
        try:
            import _interpreters as interpreters
        except ImportError:
            import _xxsubinterpreters as interpreters
        other = interpreters.create()
        interpreters.run_string(other, "import kms_alias; print(kms_alias.AliasName('alias/a'))")
        interpreters.destroy(other)
        try:
            import kms_alias
        except ImportError as error:
            print("ImportError", error)
        """
    )
    assert done.returncode == 0, done.stderr
    first, last = done.stdout.strip().splitlines()
    # From Python 3.12 on an interpreter with a lock of its own cannot import it at all.
    assert (first, last.split()[0]) == ("alias/a", "ImportError") or "ImportError" in done.stdout


def test_a_long_list_can_be_interrupted():
    done = run(
        """
        import os, signal, threading, time, kms_alias
        # A shell's background job begins with the signal ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        texts = ["alias/payments" * 17] * 3_000_000
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            while True:
                kms_alias.valid_key_identifiers(texts)
        except KeyboardInterrupt:
            print("interrupted")
        """
    )
    assert done.stdout.strip() == "interrupted", done.stderr


def test_a_single_text_is_no_list():
    for kind in CLASSES:
        with pytest.raises(TypeError, match="single str"):
            getattr(kms_alias, f"valid_{_plural(kind)}")("alias/payments")


@given(st.text(alphabet=st.characters(categories=["Cs"]), min_size=1))
def test_a_lone_surrogate_in_a_request_is_refused_as_a_text(surrogate):
    mine = table()
    for call in (
        lambda: mine.create_alias(f"alias/{surrogate}", KEYS[0]),
        lambda: mine.create_alias("alias/a", surrogate),
        lambda: mine.delete_alias(surrogate),
        lambda: mine.apply("DeleteAlias", {"AliasName": surrogate}),
        lambda: mine.describe_key(surrogate),
        lambda: mine.list_aliases(marker=surrogate),
        lambda: mine.apply(surrogate, {}),
    ):
        with pytest.raises(kms_alias.Refusal):
            call()
    for call in (lambda: Table(surrogate, "111122223333"), lambda: mine.aliases_of(surrogate)):
        with pytest.raises(ParseError):
            call()
    assert mine.get(surrogate) is None and surrogate not in mine


def test_a_wrong_member_names_itself():
    with pytest.raises(TypeError, match="`AliasName`"):
        table().apply("DeleteAlias", {"AliasName": 5})
    with pytest.raises(TypeError, match="`request`"):
        table().apply("DeleteAlias", 5)
    with pytest.raises(TypeError, match="alias_name"):
        table().delete_alias(5)
