//! The values of the two condition keys, and variables: W10, W13.

use kms_alias::AnyAliasName;

use crate::finding::Severity;
use crate::names::{Piece, complete_alias_name, found};
use crate::policy::check::Scene;
use crate::policy::explain::PolicyRule::{W10, W13};
use crate::policy::model::{Entry, Statement, Test};
use crate::policy::operator::Operator;
use crate::policy::pattern::{Pattern, Token, variables as variables_in};
use crate::policy::vocabulary::RESOURCE_ALIASES;
use crate::text::shown;

/// W10: a value that no alias name can match.
pub(crate) fn impossible_value(scene: &mut Scene<'_>) {
    for test in compared_with_names(scene.statement) {
        let operator = test.operator();
        if !operator.is_of_strings() {
            // W11 tells of the operator.
            continue;
        }
        let severity = if operator.is_negated() {
            Severity::Warning
        } else {
            Severity::Error
        };
        for value in &test.values {
            if let Some(reason) = why_impossible(&value.text, &operator) {
                let message = format!("no alias name matches {}: {reason}", shown(&value.text));
                scene.tell(W10, severity, value, message);
            }
        }
    }
}

fn compared_with_names(statement: &Statement) -> impl Iterator<Item = &Test> {
    let tests = statement.tests.iter();
    tests.filter(|test| test.is_on_aliases() && !test.operator().is_null())
}

fn why_impossible(text: &str, operator: &Operator<'_>) -> Option<String> {
    let text = if operator.ignores_case() {
        text.to_ascii_lowercase()
    } else {
        text.to_owned()
    };
    let pattern = if operator.is_exact() {
        Pattern::of_exact(&text)
    } else {
        Pattern::new(&text)
    };
    let is_name = |name: &str| name.parse::<AnyAliasName>().map(|_| ());
    let (error, piece) = complete_alias_name(&pieces(&pattern), is_name).err()?;
    let character = match pattern.tokens().get(piece) {
        Some(Token::Character(character)) => Some(*character),
        _ => None,
    };
    Some(if text.starts_with("arn:") {
        "the condition key holds names such as `alias/app`, never ARNs".to_owned()
    } else if operator.is_exact() && text.contains(['*', '?']) {
        "`*` and `?` are wildcards only with `StringLike` and `StringNotLike`".to_owned()
    } else {
        format!("expected {}{}", error.expected(), found(&error, character))
    })
}

fn pieces(pattern: &Pattern) -> Vec<Piece> {
    let piece = |token: &Token| match token {
        Token::Character(character) => Piece::Known(*character),
        Token::One => Piece::One,
        Token::Any | Token::Variable => Piece::Any,
    };
    pattern.tokens().iter().map(piece).collect()
}

/// W13: variables where they are plain text, and a variable that does not exist.
pub(crate) fn variables(scene: &mut Scene<'_>) {
    let statement = scene.statement;
    for entry in resources(statement).chain(statement.tests.iter().flat_map(|test| &test.values)) {
        if variables_in(&entry.text).any(|name| name.eq_ignore_ascii_case(RESOURCE_ALIASES)) {
            let message = format!(
                "{} uses `kms:ResourceAliases` as a variable, and a key with many values is none",
                shown(&entry.text),
            );
            scene.tell(W13, Severity::Error, entry, message);
        }
    }
    if !scene.policy.is_without_variables {
        return;
    }
    let values = compared_with_names(statement).flat_map(|test| &test.values);
    // Each variable of IAM has a colon; `${region}` is one of a template that is filled before.
    let with_variables = |entry: &&Entry| variables_in(&entry.text).any(|name| name.contains(':'));
    for entry in alias_resources(statement)
        .chain(values)
        .filter(with_variables)
    {
        let message = format!(
            "the variable in {} is plain text, because the policy is not of version 2012-10-17; \
             write `\"Version\": \"2012-10-17\"`",
            shown(&entry.text),
        );
        scene.tell(W13, Severity::Error, entry, message);
    }
}

fn resources(statement: &Statement) -> impl Iterator<Item = &Entry> {
    let excluded = statement.not_resources.iter().flatten();
    let all = statement.resources.iter().chain(excluded);
    all.map(|resource| &resource.entry)
}

fn alias_resources(statement: &Statement) -> impl Iterator<Item = &Entry> {
    let excluded = statement.not_resources.iter().flatten();
    let all = statement.resources.iter().chain(excluded);
    let aliases = all.filter(|resource| resource.pattern.is_alias());
    aliases.map(|resource| &resource.entry)
}
