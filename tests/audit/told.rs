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
