//! Runs that would be too many possibilities if each were looked at alone.

use kms_alias::{
    AliasListEntry, AliasTable, KeyArn, KeyId, KeyMetadata, Operation, Rule, Snapshot,
};
use kms_alias_foresee::verdict::{
    AliasList, Bound, Conclusion, Fact, Judging, KeyFacts, KeyList, Knowledge, Need, Outcome,
    Possible, Request, Run, RunStep, judge,
};

use kms_alias_testing::half_known::{AT, SCOPE};

pub(super) fn id(number: usize) -> KeyId {
    let number = u128::try_from(number).expect("a number");
    KeyId::new((number + (1 << 120)).to_be_bytes(), false)
}

pub(super) fn alias(number: usize) -> String {
    format!("alias/a-{number}")
}

pub(super) fn create(number: usize, key: usize) -> RunStep {
    let request = Request::CreateAlias {
        alias_name: alias(number).as_str().into(),
        target_key_id: id(key).to_string().as_str().into(),
    };
    RunStep::new(SCOPE, request)
}

fn update(number: usize, key: usize) -> RunStep {
    let request = Request::UpdateAlias {
        alias_name: alias(number).as_str().into(),
        target_key_id: id(key).to_string().as_str().into(),
    };
    RunStep::new(SCOPE, request)
}

pub(super) fn delete(number: usize) -> RunStep {
    let request = Request::DeleteAlias {
        alias_name: alias(number).as_str().into(),
    };
    RunStep::new(SCOPE, request)
}

/// A table of this many keys, with aliases on them by number.
pub(super) fn table(keys: usize, stands: impl IntoIterator<Item = (usize, usize)>) -> AliasTable {
    let mut parts = Snapshot::new(SCOPE);
    let key = |number| KeyMetadata::builder(KeyArn::new(SCOPE, id(number))).build();
    parts.keys = (0..keys)
        .map(|number| key(number).expect("a key"))
        .collect();
    let entry = |(number, key): (usize, usize)| {
        let name = alias(number).parse().expect("a name");
        AliasListEntry::new(name, Some(id(key)))
    };
    parts.aliases = stands.into_iter().map(entry).collect();
    parts.into_table().expect("a table")
}

pub(super) fn known(table: AliasTable) -> Knowledge {
    let mut knowledge = Knowledge::from(table);
    knowledge.alias_list = AliasList::Complete;
    knowledge
}

#[test]
fn fifty_aliases_of_one_key_are_made_in_any_order_t6() {
    let run = Run::partial((0..50).map(|number| create(number, 0)).collect(), AT);
    let judgement = judge(&run, vec![known(table(1, []))]);
    assert!(
        judgement
            .outcomes
            .iter()
            .all(|outcome| *outcome == Outcome::Ok)
    );
    assert_eq!(judgement.conclusion, Conclusion::Passes);
}

#[test]
fn of_aliases_beyond_the_quota_each_may_be_the_one_that_is_refused_t6() {
    // Of more than 400 steps, the pairs whose order matters are not looked for.
    for count in [51, 200, 380] {
        let run = Run::partial((0..count).map(|number| create(number, 0)).collect(), AT);
        let judgement = judge(&run, vec![known(table(1, []))]);
        assert_eq!(judgement.conclusion, Conclusion::Fails);
        for (step, outcome) in judgement.outcomes.iter().enumerate() {
            let Outcome::Undecided {
                needs, could_be, ..
            } = outcome
            else {
                panic!("{outcome:?}");
            };
            let Possible::Refused(answer) = &could_be[1] else {
                panic!("{could_be:?}")
            };
            assert_eq!(
                (&could_be[0], could_be.len(), answer.rule),
                (&Possible::Ok, 2, Rule::T6)
            );
            let [Need::Order { first, second }] = needs[..] else {
                panic!("{needs:?}")
            };
            assert!(first == step || second == step);
        }
    }
}

#[test]
fn fifty_aliases_of_a_full_key_are_renamed_in_any_order_t6() {
    let rename = |number: usize| {
        let mut create = create(number + 100, 0);
        create.after = vec![2 * number];
        [delete(number), create]
    };
    let steps = (0..50).flat_map(rename).collect();
    let full = table(1, (0..50).map(|number| (number, 0)));
    let judgement = judge(&Run::partial(steps, AT), vec![known(full)]);
    assert!(
        judgement
            .outcomes
            .iter()
            .all(|outcome| *outcome == Outcome::Ok)
    );
    assert_eq!(judgement.conclusion, Conclusion::Passes);
}

#[test]
fn deletes_and_creates_of_a_full_key_contend_in_no_order_t6() {
    let mut steps: Vec<_> = (0..25).map(delete).collect();
    steps.extend((100..125).map(|number| create(number, 0)));
    let full = table(1, (0..50).map(|number| (number, 0)));
    let judgement = judge(&Run::partial(steps, AT), vec![known(full)]);
    for (step, outcome) in judgement.outcomes.iter().enumerate() {
        assert_eq!(*outcome == Outcome::Ok, step < 25, "{outcome:?}");
    }
    assert_eq!(judgement.conclusion, Conclusion::Undecided);
}

#[test]
fn an_alias_goes_along_a_thousand_keys_that_are_not_described_u3_u4_t5() {
    let mut knowledge = known(table(1, [(0, 0)]));
    for key in 1..=1_000 {
        knowledge.insert_undescribed_key(id(key), KeyFacts::customer_managed());
    }
    let run = Run::listed((1..=1_000).map(|key| update(0, key)).collect(), AT);
    let judgement = judge(&run, vec![knowledge]);
    assert!(!judgement.bound_reached);
    for (step, outcome) in judgement.outcomes.iter().enumerate() {
        let Outcome::Undecided {
            needs, could_be, ..
        } = outcome
        else {
            panic!("{outcome:?}")
        };
        let key: Box<str> = id(step + 1).to_string().into();
        let fact = |fact| Need::Key {
            key: key.clone(),
            fact,
        };
        assert_eq!(
            *needs,
            [Fact::KeyType, Fact::KeyUsage, Fact::KeyState].map(fact)
        );
        assert_eq!(
            could_be.len(),
            7,
            "ok, two types, four usages: {could_be:?}"
        );
    }
}

#[test]
fn what_is_beyond_the_bound_is_undecided_and_says_so() {
    let mut knowledge = known(table(2, [(0, 0), (1, 1)]));
    for key in [2, 3] {
        knowledge.insert_undescribed_key(id(key), KeyFacts::customer_managed());
    }
    let steps = vec![
        update(0, 2),
        update(0, 3),
        update(1, 0),
        delete(0),
        delete(1),
    ];
    let bound = Bound {
        worlds: 1,
        ..Bound::default()
    };
    let run = Run::listed(steps, AT);
    let mut judging = Judging::new(vec![knowledge]).with_bound(bound);
    let judgement = judging.judge(&run, &mut |_, _, _| {});
    assert!(judgement.bound_reached);
    assert_eq!(judgement.conclusion, Conclusion::Undecided);
    let reached = |outcome: &Outcome| matches!(outcome, Outcome::Undecided { needs, .. } if needs.contains(&Need::BoundReached));
    let reached: Vec<bool> = judgement.outcomes.iter().map(reached).collect();
    assert_eq!(reached, [true, true, false, true, false]);
}

/// A long life: a list of changes against a table that does them all, where all is described.
#[test]
fn a_list_of_changes_on_described_keys_is_what_the_table_does() {
    let mut table = table(20, (0..200).map(|number| (number, number % 20)));
    let run: Vec<_> = (0..3_000)
        .map(|step| match step % 3 {
            0 => update(step * 7 % 250, step * 11 % 23),
            1 => create(200 + step * 5 % 100, step % 20),
            _ => delete(step * 13 % 300),
        })
        .collect();
    let run = Run::listed(run, AT);
    let mut changes = 0;
    let mut knowledge = known(table.clone());
    knowledge.key_list = KeyList::Complete;
    let judgement = Judging::new(vec![knowledge]).judge(&run, &mut |_, _, _| changes += 1);
    for (step, outcome) in run.steps.iter().zip(&judgement.outcomes) {
        let operation = match &step.request {
            Request::UpdateAlias { .. }
            | Request::CreateAlias { .. }
            | Request::DeleteAlias { .. } => &step.request,
            _ => unreachable!(),
        };
        let done = apply(&mut table, operation);
        match outcome {
            Outcome::Ok => assert!(done),
            Outcome::Refused { .. } => assert!(!done),
            Outcome::Undecided { .. } => panic!("{outcome:?}"),
        }
    }
    assert!(changes > 100);
}

fn apply(table: &mut AliasTable, request: &Request) -> bool {
    use kms_alias::{KmsOperation, RequestText, ReservedNames};
    use kms_alias_foresee::verdict::{KeyReference, NameReference};
    let (operation, name, key) = match request {
        Request::CreateAlias {
            alias_name,
            target_key_id,
        } => (KmsOperation::CreateAlias, alias_name, Some(target_key_id)),
        Request::UpdateAlias {
            alias_name,
            target_key_id,
        } => (KmsOperation::UpdateAlias, alias_name, Some(target_key_id)),
        Request::DeleteAlias { alias_name } => (KmsOperation::DeleteAlias, alias_name, None),
        _ => unreachable!("only aliases change"),
    };
    let NameReference::Text(name) = name else {
        unreachable!("it is known")
    };
    let key = key.map(|key| match key {
        KeyReference::Text(key) => &**key,
        _ => unreachable!("it is known"),
    });
    let text = RequestText {
        alias_name: Some(name),
        target_key_id: key,
        ..RequestText::default()
    };
    let operation: Operation =
        Operation::parse(operation, &text, ReservedNames::default()).expect("a request");
    table.apply(&operation, AT).is_ok()
}
