//! What an event says of a choice, and of which it says nothing.

use super::*;

/// How often a log confirms and contradicts a choice.
fn seen(table: AliasTable, event: Value, choice: Choice) -> (usize, usize) {
    let trail = log(&[event]);
    let report = audit(table, Coverage::Whole, &trail);
    let mut rows = report.evidence().iter();
    let row = rows.find(|row| row.choice() == choice).expect("a row");
    (row.confirmed(), row.contradicted())
}

/// The choices that the one finding of an event contradicts.
fn contradicted(table: AliasTable, event: Value) -> Vec<Choice> {
    let trail = log(&[event]);
    let report = audit(table, Coverage::Whole, &trail);
    let [finding] = report.findings() else {
        panic!("{:?}", report.findings());
    };
    finding.choices().to_vec()
}

#[test]
fn an_event_says_nothing_of_choices_that_it_does_not_rest_on() {
    let update = |alias: &str, target: &str, answer: &Answer| {
        on_alias(1, "UpdateAlias", alias, target, answer)
    };
    let create = |alias: &str, answer: &Answer| on_alias(1, "CreateAlias", alias, KEY, answer);
    let odd = Answer::error("Odd", "Words of another error.");
    let disabled = on_key(1, "Encrypt", IMPORTED, &refused("KMSInvalidStateException"));
    let reserved = refused("InvalidAliasNameException");
    let by_alias = on_key(1, "EnableKey", "alias/a", &refused("NotFoundException"));
    for (event, choice) in [
        (update("alias/a", OTHER, &Answer::Ok), Choice::SameKey),
        (create("alias/b", &Answer::Ok), Choice::ReservedNamesReading),
        (
            create("alias/aws/b", &reserved),
            Choice::ReservedNamesReading,
        ),
        (create("alias/aws/b", &odd), Choice::ReservedNameWords),
        (disabled, Choice::LaterOperations),
        (
            on_key(1, "Encapsulate", KEY, &Answer::Ok),
            Choice::LaterOperations,
        ),
        (by_alias, Choice::ListByAlias),
    ] {
        let words = event.to_string();
        assert_eq!(seen(account(), event, choice), (0, 0), "{choice:?} {words}");
    }
}

#[test]
fn the_other_broken_rule_that_aws_tells_contradicts_the_order_of_two() {
    let nobodys = format!("Key '{}' does not exist", arn(ABSENT));
    let no_key = Answer::error("NotFoundException", nobodys);
    let bad_key = Answer::error("NotFoundException", "Invalid keyId 'x'");
    let days = json!({"keyId": ABSENT, "pendingWindowInDays": 3});
    for (event, choices) in [
        // A malformed name, and a key that is not there.
        (
            on_alias(1, "CreateAlias", "alias/a.b", ABSENT, &no_key),
            &[Choice::ShapesFirst][..],
        ),
        // A waiting period that is none, and a key that is not there.
        (
            record(1, "ScheduleKeyDeletion", days, &no_key),
            &[Choice::ShapesFirst],
        ),
        // A name without its prefix, and a target of no form.
        (
            on_alias(1, "CreateAlias", "payments", "x", &bad_key),
            &[Choice::MembersInOrder],
        ),
        // An alias that is there already; of its key nothing is wrong.
        (
            on_alias(
                1,
                "CreateAlias",
                "alias/a",
                OTHER,
                &refused("NotFoundException"),
            ),
            &[],
        ),
    ] {
        let words = event.to_string();
        assert_eq!(contradicted(account(), event), choices, "{words}");
    }
    // A reserved name on a key whose quota is reached.
    let full = account().with_aliases_per_key(1);
    let limit = refused("LimitExceededException");
    let event = on_alias(1, "CreateAlias", "alias/aws-x", KEY, &limit);
    assert_eq!(contradicted(full, event), [Choice::ShapesFirst]);
}
