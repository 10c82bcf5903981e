//! Plans: which steps, in which order, what each does, and what cannot be reached.

#[path = "plan/knots.rs"]
mod knots;
#[path = "plan/undecided.rs"]
mod undecided;

use kms_alias::{
    AccountId, AliasListEntry, AliasName, AliasTable, KeyArn, KeyId, KeyManager, KeyMetadata,
    KeySpec, KeyState, KeyUsage, Operation, Refusal, Region, ReservedNames, Rule, Scope, Snapshot,
    Timestamp,
};
use kms_alias_foresee::{Impossible, Plan, PlanOptions, StepEffect, ThirdKey, Unmentioned, Wanted};

const AT: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const A: KeyId = KeyId::from_static("aaaaaaaa-0000-4000-8000-000000000000");
const B: KeyId = KeyId::from_static("bbbbbbbb-0000-4000-8000-000000000000");
const C: KeyId = KeyId::from_static("cccccccc-0000-4000-8000-000000000000");
const D: KeyId = KeyId::from_static("dddddddd-0000-4000-8000-000000000000");
const E: KeyId = KeyId::from_static("eeeeeeee-0000-4000-8000-000000000000");
const MRK: KeyId = KeyId::from_static("mrk-1234abcd12ab34cd56ef1234567890ab");

fn scope() -> Scope {
    let account = AccountId::from_static("111122223333");
    Scope::new(Region::from_static("eu-west-3"), account)
}

fn key(key_id: KeyId) -> KeyMetadata {
    KeyMetadata::builder(KeyArn::new(scope(), key_id))
        .build()
        .expect("a key")
}

fn in_state(key_id: KeyId, state: KeyState) -> KeyMetadata {
    key(key_id).with_status(state.into()).expect("a key")
}

fn of(key_id: KeyId, spec: KeySpec, usage: KeyUsage) -> KeyMetadata {
    let builder = KeyMetadata::builder(KeyArn::new(scope(), key_id));
    builder.spec(spec).usage(usage).build().expect("a key")
}

/// A table of these keys and aliases, whatever the quota.
fn table(quota: u32, keys: &[KeyMetadata], aliases: &[(&str, KeyId)]) -> AliasTable {
    let mut parts = Snapshot::new(scope());
    parts.aliases_per_key = quota;
    parts.keys = keys.to_vec();
    let aliases = aliases.iter();
    parts.aliases = aliases
        .map(|(name, key_id)| AliasListEntry::new(name.parse().expect("a name"), Some(*key_id)))
        .collect();
    parts.into_table().expect("a table")
}

fn wanted(aliases: &[(&str, KeyId)]) -> Wanted {
    let pairs = aliases.iter();
    pairs
        .map(|(name, key_id)| {
            (
                name.parse::<kms_alias::AnyAliasName>().expect("a name"),
                *key_id,
            )
        })
        .collect()
}

/// The plan, which the table takes.
fn made(table: &AliasTable, wanted: &Wanted, options: PlanOptions) -> Plan {
    let plan = Plan::new(table, wanted, options, AT);
    let plan = plan.unwrap_or_else(|impossible| panic!("{impossible}"));
    let operations: Vec<_> = plan.clone().into_operations().collect();
    let applied = table.clone().apply_all(&operations, AT);
    assert!(applied.is_ok(), "{plan:?}: {applied:?}");
    plan
}

fn refused(table: &AliasTable, wanted: &Wanted, options: PlanOptions) -> Impossible {
    Plan::new(table, wanted, options, AT).expect_err("no plan")
}

fn pruned() -> PlanOptions {
    PlanOptions::default().with_unmentioned(Unmentioned::Go)
}

/// The names of the steps and their effects.
fn told(plan: &Plan) -> Vec<(&str, StepEffect)> {
    let steps = plan.steps().iter();
    steps
        .map(|step| (step.alias_name().as_str(), step.effect()))
        .collect()
}

/// What cannot be reached, and the rules.
fn rules(impossible: &Impossible) -> Vec<(&str, Vec<Rule>)> {
    let unreachable = impossible.unreachable().iter();
    unreachable
        .map(|told| (told.alias_name().as_str(), told.rules().collect()))
        .collect()
}

#[test]
fn what_is_as_it_is_wanted_takes_no_step() {
    let table = table(50, &[key(A)], &[("alias/a", A)]);
    for options in [PlanOptions::default(), pruned()] {
        assert!(made(&table, &Wanted::of(&table), options).is_empty());
    }
    assert!(made(&table, &Wanted::new(), PlanOptions::default()).is_empty());
    assert_eq!(made(&table, &Wanted::new(), pruned()).len(), 1);
    // Whether the key is named by ID or by ARN.
    let by_arn = Wanted::from_iter([(AliasName::from_static("alias/a"), KeyArn::new(scope(), A))]);
    assert!(made(&table, &by_arn, PlanOptions::default()).is_empty());
}

#[test]
fn steps_go_by_name_and_deletes_come_last_c1_u1_d1() {
    let standing = [("alias/b", A), ("alias/d", A), ("alias/a", A)];
    let table = table(50, &[key(A), key(B)], &standing);
    let wanted = wanted(&[("alias/e", A), ("alias/c", A), ("alias/d", B)]);
    let plan = made(&table, &wanted, pruned());
    assert!(!plan.is_empty());
    let expected = [
        ("alias/c", StepEffect::Appears { to: A }),
        ("alias/d", StepEffect::Moves { from: A, to: B }),
        ("alias/e", StepEffect::Appears { to: A }),
        ("alias/a", StepEffect::Disappears { from: A }),
        ("alias/b", StepEffect::Disappears { from: A }),
    ];
    assert_eq!(told(&plan), expected);
    let names: Vec<_> = plan
        .into_operations()
        .map(|operation| operation.name())
        .collect();
    assert_eq!(names[..3], ["CreateAlias", "UpdateAlias", "CreateAlias"]);
    assert_eq!(names[3..], ["DeleteAlias"; 2]);
}

#[test]
fn a_key_is_named_in_a_step_as_the_caller_named_it() {
    let table = table(50, &[key(A), key(B)], &[("alias/a", A)]);
    let arn = KeyArn::new(scope(), B);
    let alias_name = AliasName::from_static("alias/a");
    let plan = made(
        &table,
        &Wanted::from_iter([(alias_name.clone(), arn)]),
        pruned(),
    );
    let target_key_id = arn.into();
    let expected = Operation::UpdateAlias {
        alias_name,
        target_key_id,
    };
    assert_eq!(*plan.steps()[0].operation(), expected);
}

#[test]
fn an_alias_that_changes_type_or_usage_is_deleted_and_created_u3_u4() {
    let signing = of(B, KeySpec::Rsa2048, KeyUsage::SignVerify);
    let rsa = of(C, KeySpec::Rsa2048, KeyUsage::EncryptDecrypt);
    let standing = [("alias/a", A), ("alias/b", B)];
    let table = table(50, &[key(A), signing, rsa], &standing);
    let wanted = wanted(&[("alias/a", C), ("alias/b", C)]);
    let plan = made(&table, &wanted, PlanOptions::default());
    let expected = [
        (
            "alias/a",
            StepEffect::GapOpens {
                from: A,
                until: 1,
                cause: Rule::U3,
            },
        ),
        ("alias/a", StepEffect::GapCloses { to: C, since: 0 }),
        (
            "alias/b",
            StepEffect::GapOpens {
                from: B,
                until: 3,
                cause: Rule::U4,
            },
        ),
        ("alias/b", StepEffect::GapCloses { to: C, since: 2 }),
    ];
    assert_eq!(told(&plan), expected);
    let gaps: Vec<_> = plan
        .gaps()
        .map(|gap| (gap.opens, gap.closes, gap.cause))
        .collect();
    assert_eq!(gaps, [(0, 1, Rule::U3), (2, 3, Rule::U4)]);
    // A third key does not help here.
    let by_third = PlanOptions::default().with_third_key(ThirdKey::Any);
    assert_eq!(made(&table, &wanted, by_third), plan);
}

#[test]
fn an_alias_leaves_a_key_pending_deletion_and_none_comes_to_it_u5_t5() {
    let dying = in_state(B, KeyState::PendingDeletion);
    let table = table(50, &[key(A), dying], &[("alias/b", B), ("alias/stays", B)]);
    let plan = made(
        &table,
        &wanted(&[("alias/b", A), ("alias/stays", B)]),
        pruned(),
    );
    assert_eq!(
        told(&plan),
        [("alias/b", StepEffect::Moves { from: B, to: A })]
    );
    // A name that is still held by a dying key is free for no other: it has to leave that key.
    let impossible = refused(&table, &wanted(&[("alias/new", B)]), PlanOptions::default());
    assert_eq!(rules(&impossible), [("alias/new", vec![Rule::T5])]);
    assert!(impossible.to_string().contains("is pending deletion."));
}

#[test]
fn a_chain_of_full_keys_moves_from_its_free_end_t6() {
    let standing = [("alias/a", A), ("alias/b", B)];
    let table = table(1, &[key(A), key(B), key(C)], &standing);
    let plan = made(&table, &wanted(&[("alias/a", B), ("alias/b", C)]), pruned());
    let expected = [
        ("alias/b", StepEffect::Moves { from: B, to: C }),
        ("alias/a", StepEffect::Moves { from: A, to: B }),
    ];
    assert_eq!(told(&plan), expected);
}

#[test]
fn a_circle_turns_by_the_free_place_of_one_of_its_keys_before_another_takes_it_t6() {
    // C has a place free, which alias/1 is to have at the end; the circle of A and C needs it first.
    let standing = [
        ("alias/1", B),
        ("alias/2", A),
        ("alias/3", A),
        ("alias/4", C),
    ];
    let table = table(2, &[key(A), key(B), key(C)], &standing);
    let wanted = wanted(&[
        ("alias/1", C),
        ("alias/2", C),
        ("alias/3", A),
        ("alias/4", A),
    ]);
    let plan = made(&table, &wanted, PlanOptions::default());
    assert_eq!((plan.len(), plan.gaps().count()), (3, 0), "{plan:?}");
}

#[test]
fn a_delete_makes_room_first_where_it_has_to_t6_d1() {
    let standing = [("alias/a", A), ("alias/old", B), ("alias/0", C)];
    let table = table(1, &[key(A), key(B), key(C)], &standing);
    let plan = made(&table, &wanted(&[("alias/a", B)]), pruned());
    let expected = [
        ("alias/old", StepEffect::Disappears { from: B }),
        ("alias/a", StepEffect::Moves { from: A, to: B }),
        ("alias/0", StepEffect::Disappears { from: C }),
    ];
    assert_eq!(told(&plan), expected);
}

#[test]
fn a_delete_is_told_in_words_d1() {
    let plan = made(
        &table(1, &[key(A)], &[("alias/a", A)]),
        &wanted(&[]),
        pruned(),
    );
    let words = format!("alias/a no longer resolves to {A}");
    assert_eq!(plan.steps()[0].to_string(), words);
}

#[test]
fn a_third_key_is_an_enabled_one_if_there_is_one_and_takes_the_alias_t4_t5_u3() {
    let standing = [("alias/a", A), ("alias/b", B)];
    let wanted = wanted(&[("alias/a", B), ("alias/b", A)]);
    let options = PlanOptions::default().with_third_key(ThirdKey::Any);
    let third = |keys: &[KeyMetadata]| {
        let keys = [&[key(A), key(B)], keys].concat();
        let plan = made(&table(1, &keys, &standing), &wanted, options);
        match plan.steps()[0].effect() {
            StepEffect::StepsAside { to, .. } => Some(to),
            _ => None,
        }
    };
    let other = KeyId::from_static("00000000-0000-4000-8000-000000000000");
    let by_aws = KeyMetadata::builder(KeyArn::new(scope(), C)).manager(KeyManager::Aws);
    assert_eq!(third(&[by_aws.build().expect("a key")]), None);
    assert_eq!(third(&[in_state(C, KeyState::PendingDeletion)]), None);
    assert_eq!(
        third(&[of(C, KeySpec::Rsa2048, KeyUsage::EncryptDecrypt)]),
        None
    );
    assert_eq!(third(&[in_state(other, KeyState::Disabled)]), Some(other));
    assert_eq!(
        third(&[in_state(other, KeyState::Disabled), key(C)]),
        Some(C)
    );
}

#[test]
fn keys_above_the_quota_send_away_before_they_take_i3_t6() {
    // Two above the quota of one: all but one have to leave before alias/c comes.
    let standing = [
        ("alias/1", A),
        ("alias/2", A),
        ("alias/3", A),
        ("alias/c", C),
    ];
    let table = table(1, &[key(A), key(B), key(C)], &standing);
    let targets = [("alias/1", B), ("alias/c", A)];
    let plan = made(&table, &wanted(&targets), pruned());
    assert_eq!((plan.len(), plan.gaps().count()), (4, 0), "{plan:?}");
    // What comes to none may stay above it.
    let moved = made(&table, &wanted(&[("alias/1", B)]), PlanOptions::default());
    assert_eq!(moved.len(), 1);
    let impossible = refused(&table, &wanted(&[("alias/c", A)]), PlanOptions::default());
    let quota = Refusal::AliasesPerKeyQuota { quota: 1, usage: 3 };
    assert_eq!(impossible.unreachable()[0].refusals(), [quota]);
}

#[test]
fn everything_that_cannot_be_reached_is_said_at_once_a4_t1_t2_t3_t4_t5_t6() {
    let aws = KeyMetadata::builder(KeyArn::new(scope(), C)).manager(KeyManager::Aws);
    let keys = [
        key(A),
        in_state(B, KeyState::PendingDeletion),
        aws.build().expect("a key"),
        key(MRK),
    ];
    let table = table(2, &keys, &[("alias/m", MRK), ("alias/stays", A)]);
    let elsewhere = Scope::new(Region::from_static("us-east-1"), scope().account());
    let others = Scope::new(scope().region(), AccountId::from_static("999999999999"));
    let nobodys = KeyId::from_static("99999999-0000-4000-8000-000000000000");
    let mut wanted = wanted(&[
        ("alias/1", A),
        ("alias/2", A),
        ("alias/3", A),
        ("alias/aws-4", B),
        ("alias/aws/s3", A),
        ("alias/c", C),
        ("alias/n", nobodys),
    ]);
    // The same multi-Region key, but not this one of its Regions.
    wanted.insert(
        AliasName::from_static("alias/m"),
        KeyArn::new(elsewhere, MRK),
    );
    wanted.insert(AliasName::from_static("alias/o"), KeyArn::new(others, A));
    let impossible = refused(&table, &wanted, PlanOptions::default());
    let expected = [
        // alias/1 has the one place that is free.
        ("alias/2", vec![Rule::T6]),
        ("alias/3", vec![Rule::T6]),
        ("alias/aws-4", vec![Rule::A4, Rule::T5]),
        ("alias/aws/s3", vec![Rule::A4]),
        ("alias/c", vec![Rule::T4]),
        ("alias/m", vec![Rule::T2]),
        ("alias/n", vec![Rule::T1]),
        ("alias/o", vec![Rule::T3]),
    ];
    let found = rules(&impossible);
    assert_eq!(found, expected);
    for told in impossible.unreachable() {
        assert_eq!(told.target_key_id(), wanted.get(told.alias_name()));
    }
    let words = impossible.to_string();
    assert_eq!(words.lines().count(), found.len());
    let line = "alias/n cannot have the key 99999999-0000-4000-8000-000000000000: Key \
                'arn:aws:kms:eu-west-3:111122223333:key/99999999-0000-4000-8000-000000000000' does \
                not exist (rule T1)";
    assert!(words.lines().any(|found| found == line), "{words}");
}

#[test]
fn what_is_aws_own_stays_and_what_is_reserved_stays_where_it_is_wanted_a4_a8() {
    let standing = [("alias/aws/s3", A), ("alias/aws-prod", A), ("alias/a", A)];
    let strict = table(50, &[key(A), key(B)], &standing);
    assert!(made(&strict, &Wanted::of(&strict), pruned()).is_empty());
    let moved = wanted(&[("alias/aws/s3", B), ("alias/aws-prod", B)]);
    let impossible = refused(&strict, &moved, pruned());
    let a4 = |name| (name, vec![Rule::A4]);
    assert_eq!(
        rules(&impossible),
        [a4("alias/aws-prod"), a4("alias/aws/s3")]
    );
    let impossible = refused(&strict, &wanted(&[("alias/a", A)]), pruned());
    assert_eq!(rules(&impossible), [a4("alias/aws-prod")]);
    assert!(
        impossible
            .to_string()
            .starts_with("alias/aws-prod cannot go: ")
    );
    assert_eq!(impossible.unreachable()[0].target_key_id(), None);
    let current = strict.with_reserved_names(ReservedNames::AliasAwsSlash);
    let plan = made(&current, &wanted(&[("alias/a", A)]), pruned());
    assert_eq!(
        told(&plan),
        [("alias/aws-prod", StepEffect::Disappears { from: A })]
    );
}

#[test]
fn aws_own_aliases_take_no_room_a8_t6() {
    let standing = [("alias/aws/s3", A), ("alias/aws/ebs", A)];
    let table = table(1, &[key(A), key(B)], &standing);
    assert_eq!(
        made(&table, &wanted(&[("alias/a", A)]), PlanOptions::default()).len(),
        1
    );
}

#[test]
fn a_quota_of_none_has_room_for_none_t6() {
    let table = table(0, &[key(A), key(B)], &[("alias/a", A)]);
    let impossible = refused(&table, &wanted(&[("alias/a", B)]), PlanOptions::default());
    assert_eq!(rules(&impossible), [("alias/a", vec![Rule::T6])]);
    assert_eq!(made(&table, &Wanted::new(), pruned()).len(), 1);
}

#[test]
fn a_name_that_is_wanted_twice_is_an_error_i1() {
    let once = r#"{"alias/a": "1234abcd-12ab-34cd-56ef-1234567890ab"}"#;
    let wanted: Wanted = serde_json::from_str(once).expect("one name");
    assert_eq!(
        serde_json::to_string(&wanted)
            .expect("JSON")
            .replace(':', ": "),
        once
    );
    let twice = r#"{"alias/a": "1234abcd-12ab-34cd-56ef-1234567890ab", "alias/a": "0987dcba-09fe-87dc-65ba-ab0987654321"}"#;
    let error = serde_json::from_str::<Wanted>(twice).expect_err("one name twice");
    assert!(
        error
            .to_string()
            .contains("the alias `alias/a` is there twice"),
        "{error}"
    );
}
