//! What a report says in words.

use super::*;

#[test]
fn an_error_is_told_as_the_log_has_it() {
    let told = |answer: &Answer| {
        let trail = log(&[on_alias(1, "CreateAlias", "alias/b", KEY, answer)]);
        let error = trail.events()[0].error().expect("an error");
        (
            error.code().to_owned(),
            error.message().map(str::to_owned),
            error.to_string(),
        )
    };
    assert_eq!(
        told(&refused("Odd")),
        ("Odd".to_owned(), None, "Odd".to_owned())
    );
    let words = Some("No.".to_owned());
    assert_eq!(
        told(&Answer::error("Odd", "No.")),
        ("Odd".to_owned(), words, "Odd: No.".to_owned())
    );
}

#[test]
fn a_difference_is_told_in_words() {
    for (difference, words) in [
        (Difference::AwsRefuses, "AWS refuses"),
        (Difference::AwsAccepts, "AWS accepts"),
        (Difference::Exception, "another exception"),
        (Difference::Words, "other words"),
    ] {
        assert_eq!(difference.to_string(), words);
        assert_eq!(format!("{difference:>20}"), format!("{words:>20}"));
    }
}

#[test]
fn what_differs_is_told_in_the_order_of_the_log() {
    let wrong = |name: &str| {
        let mut update = on_alias(1, "UpdateAlias", name, KEY, &Answer::Ok);
        update["eventID"] = json!(name);
        update
    };
    let trail = log(&[wrong("alias/y"), wrong("alias/x"), wrong("alias/z")]);
    let report = audit(account(), Coverage::Whole, &trail);
    let found = report.findings().iter();
    let found: Vec<_> = found.filter_map(|finding| finding.event().id()).collect();
    assert_eq!(found, ["alias/y", "alias/x", "alias/z"]);
    assert_eq!((report.judged(), report.agreed()), (3, 0));
}

#[test]
fn a_contradicted_choice_names_its_first_event_u7() {
    let same = |second| on_alias(second, "UpdateAlias", "alias/a", KEY, &refused("Odd"));
    let trail = log(&[same(1), same(2)]);
    let report = audit(account(), Coverage::Whole, &trail);
    let mut rows = report.evidence().iter();
    let row = rows.find(|row| row.choice() == Choice::SameKey);
    let row = row.expect("a row");
    assert_eq!((row.confirmed(), row.contradicted()), (0, 2));
    assert!(row.first_confirmation().is_none());
    let event = row.first_contradiction().expect("an event");
    assert_eq!(event.id(), Some("UpdateAlias at 1"));
}

#[test]
fn events_that_a_log_repeats_are_counted() {
    let events = [1, 2, 3].map(|second| on_key(second, "Encrypt", KEY, &Answer::Ok));
    let text = file(&events);
    let trail = read(&[&text, &file(&events[..2])]);
    assert_eq!((trail.events().len(), trail.repeated()), (3, 2));
}

#[test]
fn of_two_malformed_members_the_other_is_known_by_its_words_k7_s4() {
    let request = json!({"keyId": "k".repeat(3000), "pendingWindowInDays": 3});
    let words = "1 validation error detected: Value '3' at 'pendingWindowInDays' failed to satisfy \
                 constraint: Member must have value greater than or equal to 7";
    let answer = Answer::error("ValidationException", words);
    let trail = log(&[record(1, "ScheduleKeyDeletion", request, &answer)]);
    let report = audit(account(), Coverage::Whole, &trail);
    let finding = &report.findings()[0];
    assert_eq!(finding.difference(), Difference::Words);
    assert_eq!(finding.ours().map(|ours| ours.rule()), Some(Rule::K7));
    assert_eq!(finding.choices(), [Choice::MembersInOrder]);
}
