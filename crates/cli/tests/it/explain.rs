//! The verb `explain`.

use kms_alias::Rule;
use kms_alias_lint::PolicyRule;

use crate::program::{run, text};

#[test]
fn all_rules_are_listed() {
    let output = run("explain", &[]);
    assert_eq!(output.status.code(), Some(0));
    let printed = text(&output.stdout);
    for rule in Rule::ALL {
        let line = format!("{:<5}{}\n", rule.number(), rule.text());
        assert!(printed.contains(&line), "no {line}");
    }
    for number in ["W1 ", "W14", "F1 "] {
        assert!(printed.contains(&format!("\n{number}")), "no {number}");
    }
}

#[test]
fn a_rule_is_explained_with_its_source_and_what_breaks_it() {
    let printed = text(&run("explain", &["u4"]).stdout);
    for words in [
        "Rule U4\n",
        Rule::U4.text(),
        Rule::U4.source(),
        "{\"UpdateAlias\":",
        "ValidationException: Alias alias/release-signing cannot be changed",
    ] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
    let printed = text(&run("explain", &["W4", "F1"]).stdout);
    for words in [PolicyRule::W4.source(), "Wrong\n", "Right\n", "Rule F1\n"] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
}

#[test]
fn the_rules_of_a_letter_are_listed() {
    let printed = text(&run("explain", &["u"]).stdout);
    for rule in Rule::ALL {
        let line = format!("{:<5}", rule.number());
        let is_listed = printed.lines().any(|printed| printed.starts_with(&line));
        assert_eq!(is_listed, rule.number().starts_with('U'), "{line}");
    }
    // A rule that is a letter is explained.
    assert!(text(&run("explain", &["q"]).stdout).starts_with("Rule Q\n"));
}

#[test]
fn a_rule_that_is_none_is_an_error_that_says_where_the_rules_are() {
    let output = run("explain", &["Z9"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("`kms-alias explain` lists all"));
}

#[test]
fn each_rule_is_explained_with_something_wrong_and_something_right() {
    for rule in Rule::ALL {
        let printed = text(&run("explain", &[rule.number()]).stdout);
        let wrong =
            printed.contains("\nWrong\n") || printed.contains("\nA request that breaks it\n");
        let right =
            printed.contains("\nRight\n") || printed.contains("\nA request that keeps it\n");
        assert!(wrong && right, "{printed}");
    }
}

#[test]
fn the_states_of_a_target_key_are_listed_t5() {
    let printed = text(&run("explain", &["T5"]).stdout);
    let words = "UpdateAlias takes a key in Creating, Enabled, Disabled, PendingImport, Unavailable, \
                 Updating; it refuses one in PendingDeletion, PendingReplicaDeletion.";
    assert!(printed.contains(words), "{printed}");
}
