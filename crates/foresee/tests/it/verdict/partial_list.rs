//! What a list of aliases that is not complete leaves open, and what it does not.

use kms_alias::{KeyState, Rule};
use kms_alias_foresee::verdict::{
    AliasList, Knowledge, Need, Outcome, Place, Possible, Request, Run, RunStep, judge,
};

use kms_alias_testing::half_known::{AT, Key, SCOPE, described, key_id, name};

/// The quota of aliases per key in these accounts.
const QUOTA: u32 = 3;

/// The number of a name of which the list does not tell.
const HIDDEN: usize = 20;

/// Two described keys of one kind, so many aliases on the first, and a list that lacks some.
fn partly_listed(aliases: usize) -> Knowledge {
    let mut knowledge = Knowledge::new(Place::from(SCOPE));
    for number in 0..2 {
        let Key::Described(key) = described(number, |key| key) else {
            unreachable!()
        };
        knowledge.table_mut().insert_key(key).expect("a new key");
    }
    for number in 0..aliases {
        let created = knowledge
            .table_mut()
            .create_alias(name(number), key_id(0), AT);
        created.expect("a free name");
    }
    knowledge.alias_list = AliasList::Incomplete;
    // The list may show more aliases than the quota allows (rule I3).
    knowledge.with_aliases_per_key(QUOTA)
}

fn create(alias: usize, key: usize) -> RunStep {
    let request = Request::CreateAlias {
        alias_name: name(alias).as_str().into(),
        target_key_id: key_id(key).to_string().as_str().into(),
    };
    RunStep::new(SCOPE, request)
}

fn update(alias: usize, key: usize) -> RunStep {
    let request = Request::UpdateAlias {
        alias_name: name(alias).as_str().into(),
        target_key_id: key_id(key).to_string().as_str().into(),
    };
    RunStep::new(SCOPE, request)
}

fn delete(alias: usize) -> RunStep {
    let request = Request::DeleteAlias {
        alias_name: name(alias).as_str().into(),
    };
    RunStep::new(SCOPE, request)
}

fn outcomes(aliases: usize, steps: Vec<RunStep>) -> Vec<Outcome> {
    judge(&Run::listed(steps, AT), vec![partly_listed(aliases)]).outcomes
}

/// The rules by which an outcome may be a refusal, each once.
fn rules(outcome: &Outcome) -> Vec<Rule> {
    let mut rules: Vec<Rule> = match outcome {
        Outcome::Ok => Vec::new(),
        Outcome::Refused { could_be } => could_be.iter().map(|answer| answer.rule).collect(),
        Outcome::Undecided { could_be, .. } => could_be
            .iter()
            .filter_map(|possible| match possible {
                Possible::Ok => None,
                Possible::Refused(answer) => Some(answer.rule),
            })
            .collect(),
    };
    rules.dedup();
    rules
}

fn may_succeed(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Ok => true,
        Outcome::Refused { .. } => false,
        Outcome::Undecided { could_be, .. } => could_be.contains(&Possible::Ok),
    }
}

/// An update of an alias to its own key adds none to it (rule U7), however full the key is (rule I3).
#[test]
fn an_update_to_a_full_key_is_undecided_as_the_alias_may_stand_on_it_already_u7() {
    for aliases in [3, 4, 7] {
        let outcomes = outcomes(aliases, vec![update(HIDDEN, 0)]);
        assert!(may_succeed(&outcomes[0]), "{aliases}: {outcomes:?}");
        let rules = rules(&outcomes[0]);
        assert!(rules.contains(&Rule::T6) && rules.contains(&Rule::U1));
        let Outcome::Undecided { needs, .. } = &outcomes[0] else {
            panic!("{outcomes:?}")
        };
        let alias_name = name(HIDDEN).as_str().into();
        assert!(needs.contains(&Need::Alias { alias_name }), "{needs:?}");
        assert!(!needs.contains(&Need::BoundReached));
    }
}

#[test]
fn an_alias_may_stand_on_the_key_of_a_later_update_u7() {
    let outcomes = outcomes(4, vec![create(HIDDEN, 1), update(HIDDEN, 0)]);
    assert!(may_succeed(&outcomes[0]) && rules(&outcomes[0]).contains(&Rule::A6));
    assert!(may_succeed(&outcomes[1]), "{outcomes:?}");
}

/// The key may have been full with the hidden alias: the creation is refused, the update is not.
#[test]
fn an_update_is_undecided_after_a_creation_that_fills_the_key_u7() {
    let outcomes = outcomes(2, vec![create(10, 0), update(HIDDEN, 0)]);
    assert!(may_succeed(&outcomes[1]), "{outcomes:?}");
}

#[test]
fn a_creation_on_a_full_key_is_refused_whatever_the_list_lacks_t6() {
    for aliases in [3, 7] {
        let outcomes = outcomes(aliases, vec![create(HIDDEN, 0)]);
        assert!(!may_succeed(&outcomes[0]), "{outcomes:?}");
    }
}

/// The hidden alias comes on top of the aliases that fill the key: without it the key is still full.
#[test]
fn a_key_stays_full_without_an_alias_that_the_list_lacks_t6() {
    let steps = vec![update(HIDDEN, 0), delete(HIDDEN), create(10, 0)];
    let outcomes = outcomes(3, steps);
    assert!(may_succeed(&outcomes[0]));
    assert!(!may_succeed(&outcomes[2]), "{outcomes:?}");
}

/// The hidden alias may be one of those that fill the key, and leaves room.
#[test]
fn a_full_key_may_have_room_once_an_alias_that_the_list_may_lack_has_left_it_t6() {
    for leaves in [delete(HIDDEN), update(HIDDEN, 0)] {
        let steps = vec![
            update(0, 1),
            update(1, 1),
            update(2, 1),
            leaves,
            update(3, 1),
        ];
        let outcomes = outcomes(4, steps);
        assert!(may_succeed(&outcomes[4]), "{outcomes:?}");
        assert_eq!(rules(&outcomes[4]), [Rule::T6]);
    }
}

#[test]
fn a_name_is_free_after_its_alias_is_deleted_u1() {
    let steps = vec![delete(0), delete(0), update(0, 1), create(0, 1)];
    let outcomes = outcomes(1, steps);
    assert_eq!(outcomes[0], Outcome::Ok);
    for outcome in &outcomes[1..3] {
        assert!(!may_succeed(outcome), "{outcomes:?}");
        assert_eq!(rules(outcome), [Rule::U1]);
    }
    assert!(may_succeed(&outcomes[3]));
    assert_eq!(rules(&outcomes[3]), [Rule::T6]);
}

/// Whether the alias was there or not, after the first deletion it is not.
#[test]
fn a_name_is_free_after_the_deletion_of_an_alias_that_the_list_may_lack_u1() {
    let outcomes = outcomes(1, vec![delete(HIDDEN), delete(HIDDEN)]);
    assert!(may_succeed(&outcomes[0]));
    assert!(!may_succeed(&outcomes[1]), "{outcomes:?}");
    assert_eq!(rules(&outcomes[1]), [Rule::U1]);
}

/// With a key its aliases go (rule S5).
#[test]
fn the_names_of_a_deleted_key_are_free_s5() {
    let key = || key_id(0).to_string().as_str().into();
    let pending = Request::SetKeyState {
        key_id: key(),
        state: KeyState::PendingDeletion,
    };
    let steps = vec![
        RunStep::new(SCOPE, pending),
        RunStep::new(SCOPE, Request::DeleteKey { key_id: key() }),
        delete(0),
    ];
    let outcomes = outcomes(1, steps);
    assert_eq!(outcomes[..2], [Outcome::Ok, Outcome::Ok]);
    assert!(!may_succeed(&outcomes[2]), "{outcomes:?}");
    assert_eq!(rules(&outcomes[2]), [Rule::U1]);
}
