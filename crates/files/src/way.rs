//! A plan for other tools: commands of the AWS CLI, and blocks of Terraform.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use core::fmt::Write;

use kms_alias::{AliasName, AliasTable, KeyId, Operation};
use kms_alias_foresee::{Plan, StepEffect};

/// The requests of a plan as commands of the AWS CLI for a POSIX shell, in their order.
///
/// The script stops at the first command that fails. Names and keys stand in single quotes.
///
/// ```
/// use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// use kms_alias_files::aws_cli_commands;
/// use kms_alias_foresee::{Plan, PlanOptions, Wanted};
///
/// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// let mut table = AliasTable::new(scope);
/// table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// let wanted = Wanted::from_iter([(AliasName::from_static("alias/payments"), key_id)]);
/// let plan = Plan::new(&table, &wanted, PlanOptions::default(), Timestamp::from_millis(0))?;
/// assert!(aws_cli_commands(&table, &plan).ends_with(
///     "aws kms create-alias --region eu-west-3 --alias-name 'alias/payments' \
///      --target-key-id '1234abcd-12ab-34cd-56ef-1234567890ab'\n"
/// ));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[must_use]
pub fn aws_cli_commands(table: &AliasTable, plan: &Plan) -> String {
    let scope = table.scope();
    let mut script = format!("#!/bin/sh\n# For {scope}; the order matters.\nset -eu\n");
    for step in plan.steps() {
        if let Some(command) = command(step.operation(), scope.region().as_str()) {
            // Writing to a string does not fail.
            let _ = writeln!(script, "# {}", step.effect());
            script.push_str(&command);
        }
    }
    script
}

/// One request as a command; none for what is not a request on an alias.
fn command(operation: &Operation, region: &str) -> Option<String> {
    let (verb, alias_name, target) = match operation {
        Operation::CreateAlias {
            alias_name,
            target_key_id,
        } => ("create-alias", alias_name, Some(target_key_id)),
        Operation::UpdateAlias {
            alias_name,
            target_key_id,
        } => ("update-alias", alias_name, Some(target_key_id)),
        Operation::DeleteAlias { alias_name } => ("delete-alias", alias_name, None),
        _ => return None,
    };
    // A name and a key hold neither quotes nor anything else that a shell reads (rules A3, K1, K3).
    let target = target.map_or_else(String::new, |key| format!(" --target-key-id '{key}'"));
    Some(format!(
        "aws kms {verb} --region {region} --alias-name '{alias_name}'{target}\n"
    ))
}

/// What a plan does to one alias in all: the key before it and after it.
struct Way {
    before: Option<KeyId>,
    after: Option<KeyId>,
    /// It is deleted and created again.
    has_gap: bool,
}

/// A plan as Terraform blocks: an `import` block for each alias that exists, and a `resource` block with
/// the key that it is to name. Terraform deletes only what is in its state, so an alias that goes has both
/// too, with its present key, and a comment says that they are to be deleted before a second apply.
///
/// Terraform keeps no order among aliases. Where the plan needs one (an alias that makes room on a
/// full key before another comes, rule T6), a comment says so; so it does where an alias has to be
/// deleted and created again (rules U3, U4).
#[must_use]
pub fn terraform_blocks(table: &AliasTable, plan: &Plan) -> String {
    let ways = ways(plan);
    let mut text = format!(
        "# For {}: the provider's account and Region have to be these.\n",
        table.scope()
    );
    if order_matters(table, &ways) {
        text.push_str(
            "# A key has no room for all aliases that come before others leave it (rule T6), and\n\
             # Terraform keeps no order among them: apply again what is refused with\n\
             # LimitExceededException, or use the commands of the AWS CLI.\n",
        );
    }
    let mut labels = Labels::default();
    for (alias_name, way) in &ways {
        let label = labels.of(alias_name);
        // Writing to a string does not fail.
        let _ = write_way(&mut text, alias_name, &label, way);
    }
    text
}

fn write_way(
    text: &mut String,
    alias_name: &AliasName,
    label: &str,
    way: &Way,
) -> core::fmt::Result {
    let address = format!("aws_kms_alias.{label}");
    let Some(after) = way.after else {
        return write_leaving(text, alias_name, label, way);
    };
    if way.has_gap {
        write!(
            text,
            "\n# {alias_name} cannot move to this key, it is deleted and created again:\n\
             # terraform apply -replace={address}"
        )?;
    }
    if let Some(before) = way.before {
        write!(text, "\n# target_key_id was {before}")?;
        write_import(text, alias_name, label)?;
    }
    write_resource(text, alias_name, label, after)
}

/// An alias that goes: Terraform imports it, and by a second apply deletes it.
fn write_leaving(
    text: &mut String,
    alias_name: &AliasName,
    label: &str,
    way: &Way,
) -> core::fmt::Result {
    // What goes had a key.
    let Some(before) = way.before else {
        return Ok(());
    };
    write!(
        text,
        "\n# {alias_name} goes, by two applies, as Terraform deletes only what is in its state: the first one takes it\n\
         # into the state; before the second one, delete these two blocks."
    )?;
    write_import(text, alias_name, label)?;
    write_resource(text, alias_name, label, before)
}

fn write_import(text: &mut String, alias_name: &AliasName, label: &str) -> core::fmt::Result {
    write!(
        text,
        "\nimport {{\n  to = aws_kms_alias.{label}\n  id = \"{alias_name}\"\n}}\n"
    )
}

fn write_resource(
    text: &mut String,
    alias_name: &AliasName,
    label: &str,
    key_id: KeyId,
) -> core::fmt::Result {
    write!(
        text,
        "\nresource \"aws_kms_alias\" \"{label}\" {{\n  name          = \"{alias_name}\"\n  \
         target_key_id = \"{key_id}\"\n}}\n"
    )
}

/// What becomes of each alias, in the order of names.
fn ways(plan: &Plan) -> BTreeMap<AliasName, Way> {
    let mut ways: BTreeMap<AliasName, Way> = BTreeMap::new();
    for step in plan.steps() {
        let effect = step.effect();
        let way = ways.entry(step.alias_name().clone()).or_insert(Way {
            before: effect.before(),
            after: None,
            has_gap: false,
        });
        way.after = effect.after();
        way.has_gap |= matches!(effect, StepEffect::GapOpens { .. });
    }
    ways
}

/// Whether some key has no room for every alias that comes, before any has left it (rule T6).
fn order_matters(table: &AliasTable, ways: &BTreeMap<AliasName, Way>) -> bool {
    let mut coming: BTreeMap<KeyId, usize> = BTreeMap::new();
    for way in ways.values().filter(|way| way.before != way.after) {
        if let Some(after) = way.after {
            let count = coming.entry(after).or_default();
            *count = count.saturating_add(1);
        }
    }
    let quota = usize::try_from(table.aliases_per_key()).unwrap_or(usize::MAX);
    let has_no_room = |(key_id, coming): (&KeyId, &usize)| {
        table.aliases_of(key_id).count().saturating_add(*coming) > quota
    };
    coming.iter().any(has_no_room)
}

/// Labels of Terraform resources, each once.
#[derive(Default)]
struct Labels(BTreeSet<String>);

impl Labels {
    /// The name without its prefix, with `_` for `/`, and after `_` if it begins with what a label
    /// may not begin with.
    fn of(&mut self, alias_name: &AliasName) -> String {
        let name = alias_name.as_str();
        let name = name.strip_prefix(AliasName::PREFIX).unwrap_or(name);
        let mut label = name.replace('/', "_");
        if !label.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
            label.insert(0, '_');
        }
        let mut unique = label.clone();
        let mut number = 1_usize;
        while !self.0.insert(unique.clone()) {
            number = number.saturating_add(1);
            unique = format!("{label}_{number}");
        }
        unique
    }
}
