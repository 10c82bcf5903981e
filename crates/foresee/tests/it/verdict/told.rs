//! What an observer is told of steps that succeed or may succeed.

use kms_alias::{
    AliasTable, Effect, KeyId, KeySpec, KeyState, KeyUsage, MultiRegionRole, Operation, Origin,
};
use kms_alias_foresee::verdict::{
    AliasList, Happening, Judging, KeyFacts, KeyList, KeyReference, Knowledge, Outcome, Place,
    Request, Run, RunStep,
};
use kms_alias_testing::half_known::{
    AT, Key, SCOPE, THERE, described, described_there, key_id, name,
};

/// Three keys, the last of which is not described, and an alias on the first.
fn known() -> Knowledge {
    let mut knowledge = Knowledge::new(Place::from(SCOPE));
    for number in 0..2 {
        let Key::Described(key) = described(number, |key| key) else {
            unreachable!()
        };
        knowledge.table_mut().insert_key(key).expect("a new key");
    }
    knowledge.insert_undescribed_key(key_id(2), KeyFacts::customer_managed());
    let table = knowledge.table_mut();
    let created = table.create_alias(name(0), key_id(0), AT);
    created.expect("a free name");
    knowledge.alias_list = AliasList::Complete;
    knowledge.key_list = KeyList::Complete;
    knowledge
}

fn update(to: KeyId) -> RunStep {
    let target_key_id = to.into();
    RunStep::new(
        SCOPE,
        Operation::UpdateAlias {
            alias_name: name(0),
            target_key_id,
        },
    )
}

#[test]
fn a_primary_key_has_the_replica_that_a_step_made_afterwards_s4() {
    let mut there = Knowledge::new(Place::from(THERE));
    let primary = described_there(0, |key| {
        key.multi_region_role(MultiRegionRole::Primary { replicas: 0 })
    });
    let Key::Described(primary) = primary.inner().clone() else {
        unreachable!()
    };
    let key_id = primary.key_id();
    there.table_mut().insert_key(primary).expect("a new key");
    let mut here = Knowledge::new(Place::from(SCOPE));
    here.key_list = KeyList::Complete;
    let replicate = Request::ReplicateKey {
        key: KeyFacts::default(),
        primary: KeyReference::Text(key_id.to_string().into()),
        primary_place: THERE.into(),
        open: Vec::new(),
    };
    let mut judging = Judging::new(vec![there, here]);
    let run = Run::listed(vec![RunStep::new(SCOPE, replicate)], AT);
    let judgement = judging.judge(&run, &mut |_, _, _| {});
    assert_eq!(judgement.outcomes, [Outcome::Ok]);
    let mut known = judging.into_knowledge().into_iter();
    let there = known.find(|known| known.place() == Place::from(THERE));
    let table = there.expect("the other Region").into_table();
    let key = table.key(key_id).expect("the primary key");
    let role = Some(MultiRegionRole::Primary { replicas: 1 });
    assert_eq!(key.multi_region_role(), role);
}

/// Runs these steps on a primary key without replicas, in that order or in any, and tells the role and state
/// that it has afterwards, and whether it is open.
fn primary_after(
    steps: impl Fn(KeyId) -> Vec<RunStep>,
    is_listed: bool,
) -> (Option<MultiRegionRole>, KeyState, bool) {
    let mut there = Knowledge::new(Place::from(THERE));
    let primary = described_there(0, |key| {
        key.multi_region_role(MultiRegionRole::Primary { replicas: 0 })
    });
    let Key::Described(primary) = primary.inner().clone() else {
        unreachable!()
    };
    let key_id = primary.key_id();
    there.table_mut().insert_key(primary).expect("a new key");
    let mut here = Knowledge::new(Place::from(SCOPE));
    here.key_list = KeyList::Complete;
    let mut judging = Judging::new(vec![there, here]);
    let steps = steps(key_id);
    let run = match is_listed {
        true => Run::listed(steps, AT),
        false => Run::partial(steps, AT),
    };
    let judgement = judging.judge(&run, &mut |_, _, _| {});
    let mut known = judging.into_knowledge().into_iter();
    let there = known.find(|known| known.place() == Place::from(THERE));
    let table = there.expect("the other Region").into_table();
    let key = table.key(key_id).expect("the primary key");
    (
        key.multi_region_role(),
        key.state(),
        judgement.open.keys.contains(&(THERE.into(), key_id)),
    )
}

fn replicate(key_id: KeyId) -> RunStep {
    let request = Request::ReplicateKey {
        key: KeyFacts::default(),
        primary: KeyReference::Text(key_id.to_string().into()),
        primary_place: THERE.into(),
        open: Vec::new(),
    };
    RunStep::new(SCOPE, request)
}

fn schedule(key_id: KeyId) -> RunStep {
    let request = Request::ScheduleKeyDeletion {
        key_id: KeyReference::Text(key_id.to_string().into()),
        pending_window_in_days: Some(7),
    };
    RunStep::new(THERE, request)
}

#[test]
fn a_primary_key_that_is_replicated_and_scheduled_for_deletion_waits_for_its_replica_afterwards_s4()
{
    let role = Some(MultiRegionRole::Primary { replicas: 1 });
    let after = primary_after(|key_id| vec![replicate(key_id), schedule(key_id)], true);
    assert_eq!(after, (role, KeyState::PendingReplicaDeletion, false));
    // Disabled and enabled again beside it.
    let life = |key_id: KeyId| {
        let key = || KeyReference::Text(key_id.to_string().into());
        let disable = Request::DisableKey { key_id: key() };
        let enable = Request::EnableKey { key_id: key() };
        vec![
            replicate(key_id),
            RunStep::new(THERE, disable),
            RunStep::new(THERE, enable),
        ]
    };
    assert_eq!(primary_after(life, true), (role, KeyState::Enabled, false));
    // Where the deletion is scheduled first there is no replica.
    let after = primary_after(|key_id| vec![schedule(key_id), replicate(key_id)], true);
    let alone = Some(MultiRegionRole::Primary { replicas: 0 });
    assert_eq!(after, (alone, KeyState::PendingDeletion, false));
    // In any order either may come first.
    let after = primary_after(|key_id| vec![replicate(key_id), schedule(key_id)], false);
    assert!(after.2, "{after:?}");
}

#[test]
fn a_key_that_is_not_described_is_afterwards_in_the_state_to_which_it_was_brought_s8() {
    let mut facts = KeyFacts::customer_managed();
    facts.spec = Some(KeySpec::SymmetricDefault);
    facts.usage = Some(KeyUsage::EncryptDecrypt);
    facts.origin = Some(Origin::AwsKms);
    facts.state = Some(KeyState::Enabled);
    let step = |request: fn(KeyReference) -> Request| {
        RunStep::new(SCOPE, request(key_id(2).to_string().as_str().into()))
    };
    let disable = || step(|key_id| Request::DisableKey { key_id });
    let enable = || step(|key_id| Request::EnableKey { key_id });
    let after = |run: &Run| {
        let mut knowledge = Knowledge::new(Place::from(SCOPE));
        knowledge.insert_undescribed_key(key_id(2), facts);
        let mut judging = Judging::new(vec![knowledge]);
        let judgement = judging.judge(run, &mut |_, _, _| {});
        assert!(judgement.outcomes.iter().all(|it| *it == Outcome::Ok));
        let known = judging.into_knowledge().remove(0);
        (
            known.facts_of(&key_id(2)).state,
            judgement.open.keys.is_empty(),
        )
    };
    let disabled = (Some(KeyState::Disabled), true);
    assert_eq!(after(&Run::listed(vec![disable()], AT)), disabled);
    assert_eq!(
        after(&Run::listed(vec![disable(), enable(), disable()], AT)),
        disabled
    );
    let in_any_order = Run::partial(vec![disable(), enable()], AT);
    assert_eq!(after(&in_any_order), (None, false));
}

/// The keys from and to which each step would move the alias, and whether that is certain.
fn told(run: &Run) -> Vec<(usize, bool, KeyId, KeyId)> {
    let mut told = Vec::new();
    let mut judging = Judging::new(vec![known()]);
    judging.judge(
        run,
        &mut |step: usize, table: &AliasTable, happening: Happening<'_>| {
            let (is_certain, effect) = match happening {
                Happening::Certain(change) => (true, change.effect()),
                Happening::Possible(effect) => (false, effect),
                other => panic!("{other:?}"),
            };
            let Effect::AliasUpdated { from, to, .. } = effect else {
                panic!("{effect:?}")
            };
            assert!(table.knows_key(from) && table.knows_key(to));
            told.push((step, is_certain, *from, *to));
        },
    );
    told.sort_unstable();
    told
}

#[test]
fn a_step_of_a_list_is_told_as_it_comes_about_or_may() {
    let [a, b, open] = [0, 1, 2].map(key_id);
    let run = Run::listed(vec![update(b), update(open), update(a)], AT);
    let expected = [
        (0, true, a, b),
        (1, false, b, open),
        (2, false, b, a),
        (2, false, open, a),
    ];
    assert_eq!(told(&run), expected);
}

#[test]
fn of_steps_in_no_order_each_thing_is_told_that_they_may_do() {
    let [a, b, _] = [0, 1, 2].map(key_id);
    let run = Run::partial(vec![update(b), update(a)], AT);
    let expected = [(0, false, a, b), (1, false, a, a), (1, false, b, a)];
    assert_eq!(told(&run), expected);
}

#[test]
fn of_a_key_that_is_not_described_it_is_told_that_its_state_may_change() {
    let disable = Operation::DisableKey {
        key_id: key_id(2).into(),
    };
    let refused = Operation::DisableKey {
        key_id: key_id(7).into(),
    };
    let steps = [disable, refused].map(|operation| RunStep::new(SCOPE, operation));
    let mut told = Vec::new();
    let mut judging = Judging::new(vec![known()]);
    let run = Run::listed(steps.into(), AT);
    judging.judge(
        &run,
        &mut |step: usize, _: &AliasTable, happening: Happening<'_>| {
            told.push((step, happening == Happening::OfOpenKey(key_id(2))));
        },
    );
    assert_eq!(told, [(0, true)]);
}
