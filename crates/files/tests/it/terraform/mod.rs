//! Plans of Terraform, made by hand: each way in which a plan says what KMS is asked.

use kms_alias::KeyUsage;
use kms_alias_files::{Accounts, File, Options, RunInput, read_run};
use kms_alias_foresee::verdict::{
    Fact, KeyReference, NameReference, Need, Outcome, Possible, Request, RunStep, judge,
};
use serde_json::{Value, json};

mod accounts;
mod advice;
mod alias_arguments;
mod loops;
mod made;
mod moved_providers;
mod names;
mod outdated;
mod own_index;
mod places;
mod primary_keys;
mod provider_blocks;
mod read;
mod read_by_index;
mod replicas;
mod series;
mod targets;

use crate::builder::{
    ACCOUNT, Plan, REGION, alias, id, key, new_key, refers, resource, scope, with,
};
use crate::plans::{NOW, Told, judged, tell, told};

#[track_caller]
fn gets(plan: &Plan, exit: u8, steps: &[&str]) -> Told {
    gets_with(plan, None, exit, steps)
}

#[track_caller]
fn gets_with(plan: &Plan, account: Option<&str>, exit: u8, steps: &[&str]) -> Told {
    let told = told(&plan.json(), account, None);
    let mut found: Vec<_> = told.steps.iter().map(String::as_str).collect();
    found.sort_unstable();
    let mut steps = steps.to_vec();
    steps.sort_unstable();
    assert_eq!((found, told.exit), (steps, exit));
    told
}

/// The key that the step of this address names.
#[track_caller]
fn target(plan: &Plan, address: &str) -> KeyReference {
    let read = crate::plans::read(&plan.json());
    let step = read
        .run
        .steps
        .iter()
        .find(|step| step.address.as_deref() == Some(address));
    match &step
        .unwrap_or_else(|| panic!("no step of {address}"))
        .request
    {
        Request::CreateAlias { target_key_id, .. } | Request::UpdateAlias { target_key_id, .. } => {
            match target_key_id {
                KeyReference::MadeBy(made) => {
                    let made = read.run.steps[*made].address.clone();
                    KeyReference::Text(made.expect("an address"))
                }
                other => other.clone(),
            }
        }
        other => panic!("{other:?}"),
    }
}

fn made(address: &str) -> KeyReference {
    KeyReference::Text(address.into())
}

#[test]
fn what_asks_nothing_of_kms_is_no_step() {
    let standing = alias("alias/x", 1);
    for actions in [&["no-op"][..], &["forget"]] {
        gets(
            &Plan::new().change(
                "aws_kms_alias.a",
                actions,
                standing.clone(),
                standing.clone(),
                json!({}),
            ),
            0,
            &[],
        );
    }
    // The same key by its ARN, and an update of tags.
    let arn = with(
        standing.clone(),
        json!({"target_key_id": format!("{}:key/{}", scope(), id(1))}),
    );
    gets(
        &Plan::new().change(
            "aws_kms_alias.a",
            &["update"],
            standing.clone(),
            arn,
            json!({}),
        ),
        0,
        &[],
    );
    let tagged = with(key(1), json!({"tags": {"a": "b"}}));
    gets(
        &Plan::new().change("aws_kms_key.k", &["update"], key(1), tagged, json!({})),
        0,
        &[],
    );
    // Forgotten and made anew: nothing is deleted.
    let plan = Plan::new()
        .change(
            "aws_kms_alias.a",
            &["forget", "create"],
            standing,
            json!({"name": "alias/y", "target_key_id": id(1)}),
            json!({}),
        )
        .prior("aws_kms_key.k", key(1), &[]);
    gets(&plan, 0, &["aws_kms_alias.a CreateAlias ok"]);
}

#[test]
fn everything_destroyed_goes_in_any_order_d1() {
    let plan = Plan::new()
        .delete("aws_kms_alias.a", alias("alias/x", 1))
        .delete("aws_kms_key.k", key(1))
        .prior("aws_kms_alias.a", alias("alias/x", 1), &["aws_kms_key.k"])
        .prior("aws_kms_key.k", key(1), &[]);
    let told = gets(&plan, 0, &["aws_kms_alias.a DeleteAlias ok"]);
    assert!(told.rules.is_empty(), "nothing moves: {told:?}");
    let disabled = with(key(1), json!({"is_enabled": false}));
    let plan =
        Plan::new()
            .delete("aws_kms_key.k", disabled.clone())
            .prior("aws_kms_key.k", disabled, &[]);
    gets(&plan, 0, &[]);
}

#[test]
fn data_sources_tell_what_stands() {
    let described = with(
        key(3),
        json!({
            "key_id": "alias/old", "key_manager": "CUSTOMER", "key_state": "PendingDeletion", "origin": "AWS_KMS",
            "enabled": false
        }),
    );
    let plan = Plan::new()
        .create(
            "aws_kms_alias.a",
            json!({"name": "alias/a", "target_key_id": id(3)}),
            json!({}),
        )
        .prior("data.aws_kms_key.k", described, &[]);
    gets(
        &plan,
        1,
        &["aws_kms_alias.a CreateAlias refused KMSInvalidStateException"],
    );
    let read = json!({"arn": format!("{}:alias/taken", scope()), "name": "alias/taken", "target_key_id": id(4),
        "target_key_arn": format!("{}:key/{}", scope(), id(4))});
    let plan = Plan::new()
        .create(
            "aws_kms_alias.a",
            json!({"name": "alias/taken", "target_key_id": id(3)}),
            json!({}),
        )
        .prior("aws_kms_key.k", key(3), &[])
        .prior("data.aws_kms_alias.taken", read, &[]);
    gets(
        &plan,
        1,
        &["aws_kms_alias.a CreateAlias refused AlreadyExistsException"],
    );
}

#[test]
fn steps_wait_for_what_they_depend_on_through_other_resources() {
    // b takes the name only after a is renamed, by way of a resource that is none of KMS.
    let plan = |depends_on: &[&str]| {
        Plan::new()
            .change(
                "aws_kms_alias.a",
                &["delete", "create"],
                alias("alias/x", 1),
                json!({"name": "alias/y", "target_key_id": id(1)}),
                json!({}),
            )
            .create(
                "aws_kms_alias.b",
                json!({"name": "alias/x", "target_key_id": id(1)}),
                json!({}),
            )
            .prior("aws_kms_key.k", key(1), &[])
            .resource("aws_kms_alias.a", json!({}))
            .resource_with(
                "null_resource.n",
                "null",
                json!({"triggers": refers(&["aws_kms_alias.a.id", "aws_kms_alias.a"])}),
                json!({}),
            )
            .resource_with(
                "aws_kms_alias.b",
                "aws",
                json!({}),
                json!({"depends_on": depends_on}),
            )
    };
    gets(
        &plan(&["null_resource.n"]),
        0,
        &[
            "aws_kms_alias.a CreateAlias ok",
            "aws_kms_alias.a DeleteAlias ok",
            "aws_kms_alias.b CreateAlias ok",
        ],
    );
    assert_eq!(told(&plan(&[]).json(), None, None).exit, 3);
}
