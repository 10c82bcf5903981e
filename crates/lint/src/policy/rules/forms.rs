//! How an alias is written, and where: W1, W2, W3.

use crate::finding::Severity;
use crate::policy::check::Scene;
use crate::policy::explain::PolicyRule::{W1, W2, W3};
use crate::policy::model::{Action, Entry, Resource, Test};
use crate::policy::vocabulary::{AWS_ALIAS_SERVICES, Operations};
use crate::text::shown;

/// W1: an alias ARN stands where a key is meant.
pub(crate) fn alias_arn_for_key(scene: &mut Scene<'_>) {
    let statement = scene.statement;
    let on_keys = statement.operations().meets(Operations::on_keys());
    let on_aliases = statement
        .possible_operations()
        .meets(Operations::on_aliases());
    let is_for_keys = on_keys && !on_aliases;
    if scene.is_key_policy && (on_keys || on_aliases) || is_for_keys {
        alias_resources(scene);
    } else if statement.is_alias_only() {
        key_actions(scene);
    }
    if is_for_keys {
        let excluded = statement.not_resources.iter().flatten();
        for resource in excluded.filter(|resource| resource.pattern.is_alias()) {
            let text = shown(&resource.entry.text);
            let message = format!(
                "{text} excludes an alias, and these operations are authorized for keys, so it \
                 excludes nothing; name the key ARN, or use a condition on `kms:ResourceAliases`"
            );
            scene.tell(W1, Severity::Warning, &resource.entry, message);
        }
    }
}

/// W1 (a) and (d): each alias ARN that does nothing.
fn alias_resources(scene: &mut Scene<'_>) {
    let statement = scene.statement;
    let is_alias_only = statement.is_alias_only();
    let aliases = statement
        .resources
        .iter()
        .filter(|own| own.pattern.is_alias());
    for alias in aliases {
        let covered = |other: &Resource| other.pattern.covers_keys_beside(&alias.pattern);
        if !is_alias_only && statement.resources.iter().any(covered) {
            continue;
        }
        let text = shown(&alias.entry.text);
        let (severity, effect) = if is_alias_only {
            (Severity::Error, "the statement never applies to a key")
        } else {
            (Severity::Warning, "this entry does nothing")
        };
        let message = format!(
            "{text} stands for the alias, not for its key, so {effect}; name the key ARN, or \
             `key/*` with a condition on `kms:ResourceAliases` or `kms:RequestAlias`"
        );
        scene.tell(W1, severity, &alias.entry, message);
    }
}

/// W1 (b): each action on keys beside the actions on aliases, where all resources are aliases.
fn key_actions(scene: &mut Scene<'_>) {
    let statement = scene.statement;
    let operations = statement.operations();
    if !operations.meets(Operations::on_aliases()) {
        return;
    }
    let dead = |action: &&Action| {
        action.is_known
            && action.operations.meets(Operations::on_keys())
            && !action.operations.meets(Operations::on_aliases())
    };
    for action in statement.actions.iter().filter(dead) {
        let message = format!(
            "{} is authorized for a key, and every resource of the statement is an alias; move it \
             to a statement with the key ARN, or `key/*` with a condition on \
             `kms:ResourceAliases` or `kms:RequestAlias`",
            shown(&action.entry.text),
        );
        scene.tell(W1, Severity::Error, &action.entry, message);
    }
}

/// W2: the aliases that are AWS's own.
pub(crate) fn aws_alias(scene: &mut Scene<'_>) {
    let statement = scene.statement;
    if statement.allows() && statement.operations().meets(Operations::on_aliases()) {
        let of_aws = |own: &&Resource| own.pattern.is_alias_under("alias/aws/");
        for resource in statement.resources.iter().filter(of_aws) {
            let message = format!(
                "{} is an alias of AWS's own, which no caller creates, changes or deletes (rules \
                 A4, A8); remove it",
                shown(&resource.entry.text),
            );
            scene.tell(W2, Severity::Error, &resource.entry, message);
        }
    }
    for value in compared(&statement.tests) {
        let service = value.text.strip_prefix("alias/");
        if let Some(service) = service.filter(|service| AWS_ALIAS_SERVICES.contains(service)) {
            let message = format!(
                "{} is a customer's alias; AWS's own alias is `alias/aws/{service}`",
                shown(&value.text),
            );
            scene.tell(W2, Severity::Note, value, message);
        }
    }
}

/// W3: an alias written in the wrong form.
pub(crate) fn wrong_form(scene: &mut Scene<'_>) {
    let statement = scene.statement;
    if statement.possible_operations().is_empty() {
        return;
    }
    let excluded = statement.not_resources.iter().flatten();
    for Resource { entry, pattern } in statement.resources.iter().chain(excluded) {
        let text = shown(&entry.text);
        if entry.text.starts_with("alias/") {
            let message = format!(
                "{text} is an alias name, and a resource is an ARN, such as \
                 `arn:aws:kms:eu-west-1:111122223333:alias/app`"
            );
            scene.tell(W3, Severity::Error, entry, message);
        } else if pattern.is_alias_under("alias:") {
            let message = format!("{text} has `alias:` where an alias ARN has `alias/`");
            scene.tell(W3, Severity::Error, entry, message);
        } else if pattern.has_alias_for_key_id() {
            let is_of_sam = scene.policy.is_of_sam;
            scene.tell(W3, Severity::Error, entry, of_no_key(&text, is_of_sam));
        } else if pattern.is_alias_under("alias/alias/") {
            scene.tell(W3, Severity::Note, entry, twice(&text));
        }
    }
    for value in compared(&statement.tests) {
        if value.text.starts_with("alias/alias/") {
            scene.tell(W3, Severity::Note, value, twice(&shown(&value.text)));
        }
    }
}

fn twice(text: &str) -> String {
    format!("{text} has the prefix `alias/` twice, which is a valid name but rarely the one meant")
}

/// The values that are compared with alias names.
fn compared(tests: &[Test]) -> impl Iterator<Item = &Entry> {
    let on_aliases = |test: &&Test| test.is_on_aliases() && !test.operator().is_null();
    tests
        .iter()
        .filter(on_aliases)
        .flat_map(|test| &test.values)
}

/// What is said of an alias behind `key/`.
fn of_no_key(text: &str, is_of_sam: bool) -> String {
    if is_of_sam {
        return format!(
            "SAM puts `key/` before this `KeyId`, and {text} is the ARN of no key: give the ID of the key, or \
             write a statement that allows `key/*` with a condition on `kms:ResourceAliases`"
        );
    }
    format!(
        "{text} is the ARN of no key: behind `key/` stands the ID of a key, never an alias; \
         name the key by its ID, or allow `key/*` with a condition on `kms:ResourceAliases`"
    )
}
