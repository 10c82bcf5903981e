//! Runs of more possibilities than can be looked at end all the same.

use kms_alias::{KeySpec, KeyUsage, Origin, Rule};
use kms_alias_foresee::verdict::{
    AliasList, Conclusion, Judgement, KeyFacts, KeyReference, Knowledge, NameForm, NameReference,
    Need, Outcome, Possible, Request, Run, RunStep, UnknownName, judge,
};
use kms_alias_testing::watchdog;

use super::many::{alias, create, delete, known, table};
use kms_alias_testing::half_known::{AT, SCOPE};

/// Judges a run that has to end.
fn ends(name: &str, steps: Vec<RunStep>, knowledge: Vec<Knowledge>) -> Judgement {
    watchdog::ends(name, 0, move || judge(&Run::partial(steps, AT), knowledge))
}

/// A key that is made, and so many aliases on it in no order.
fn on_a_made_key(count: usize) -> Vec<RunStep> {
    let mut key = KeyFacts::default();
    key.spec = Some(KeySpec::SymmetricDefault);
    key.usage = Some(KeyUsage::EncryptDecrypt);
    key.origin = Some(Origin::AwsKms);
    let mut steps = vec![RunStep::new(
        SCOPE,
        Request::CreateKey {
            key,
            open: Vec::new(),
        },
    )];
    steps.extend((0..count).map(|number| {
        let request = Request::CreateAlias {
            alias_name: alias(number).as_str().into(),
            target_key_id: KeyReference::MadeBy(0),
        };
        let mut step = RunStep::new(SCOPE, request);
        step.after = vec![0];
        step
    }));
    steps
}

fn each_hangs_on_order(judgement: &Judgement, from: usize) {
    assert!(!judgement.bound_reached);
    for (step, outcome) in judgement.outcomes.iter().enumerate().skip(from) {
        let Outcome::Undecided { needs, .. } = outcome else {
            panic!("{outcome:?}")
        };
        let [Need::Order { first, second }] = needs[..] else {
            panic!("{needs:?}")
        };
        assert!(first == step || second == step);
    }
}

/// Each of many aliases goes, and its place is taken by one of the next one's name.
#[test]
fn of_names_that_are_handed_round_it_is_told_what_may_come_out_whatever_the_bound_a6() {
    for count in [4, 12, 40] {
        let mut steps = Vec::new();
        for number in 0..count {
            let mut made = create((number + 1) % count, number);
            made.after = vec![steps.len()];
            steps.extend([delete(number), made]);
        }
        let stands = (0..count).map(|number| (number, number));
        let judgement = ends("round", steps, vec![known(table(count, stands))]);
        assert_eq!(judgement.bound_reached, count > 4, "{count}");
        for outcome in judgement.outcomes.iter().skip(1).step_by(2) {
            let Outcome::Undecided { could_be, .. } = outcome else {
                panic!("{outcome:?}")
            };
            let rules = could_be.iter().map(|possible| match possible {
                Possible::Ok => None,
                Possible::Refused(answer) => Some(answer.rule),
            });
            assert_eq!(rules.collect::<Vec<_>>(), [None, Some(Rule::A6)]);
        }
        // Nothing else deletes what goes: it is there (rule U1).
        for outcome in judgement.outcomes.iter().step_by(2) {
            let could_be = match outcome {
                Outcome::Ok => continue,
                Outcome::Undecided { could_be, .. } => could_be,
                Outcome::Refused { .. } => panic!("{outcome:?}"),
            };
            assert_eq!(could_be, &[Possible::Ok], "{count}");
        }
    }
}

#[test]
fn fifty_aliases_of_a_key_that_is_made_are_made_in_any_order_t6() {
    let judgement = ends("fifty", on_a_made_key(50), vec![known(table(0, []))]);
    assert!(judgement.outcomes.iter().all(|it| *it == Outcome::Ok));
    assert_eq!(judgement.conclusion, Conclusion::Passes);
}

#[test]
fn of_more_aliases_of_a_key_that_is_made_each_may_be_refused_t6() {
    for count in [51, 200] {
        let judgement = ends("more", on_a_made_key(count), vec![known(table(0, []))]);
        assert_eq!(judgement.conclusion, Conclusion::Fails);
        assert_eq!(judgement.outcomes[0], Outcome::Ok);
        each_hangs_on_order(&judgement, 1);
    }
}

/// The order goes from a step on the key to the step that makes it and back: all are one block.
#[test]
fn aliases_are_alike_around_a_step_that_makes_their_key_t6() {
    let mut steps = on_a_made_key(51);
    steps.push(create(100, 0));
    let mut again = steps[1].clone();
    again.request = Request::CreateAlias {
        alias_name: alias(100).as_str().into(),
        target_key_id: KeyReference::MadeBy(0),
    };
    again.after = vec![0];
    steps[0].after = vec![52];
    steps.push(again);
    let judgement = ends("hub", steps, vec![known(table(1, []))]);
    assert!(!judgement.bound_reached);
    assert_eq!(judgement.conclusion, Conclusion::Fails);
}

#[test]
fn handovers_on_a_key_that_has_room_are_judged_apart_t6() {
    for count in [20, 40, 49] {
        let pair = |number| [delete(number), create(number, 0)];
        let steps = (0..count).flat_map(pair).collect();
        let knowledge = known(table(1, (0..count).map(|number| (number, 0))));
        let judgement = ends("handovers", steps, vec![knowledge]);
        assert!(!judgement.bound_reached);
        for (step, outcome) in judgement.outcomes.iter().enumerate() {
            assert_eq!(*outcome == Outcome::Ok, step % 2 == 0, "{outcome:?}");
        }
        assert_eq!(judgement.conclusion, Conclusion::Undecided);
    }
}

#[test]
fn a_ring_of_renames_ends() {
    for count in [12, 40] {
        let rename = |number| [delete(number), create((number + 1) % count, 0)];
        let steps = (0..count).flat_map(rename).collect();
        let knowledge = known(table(1, (0..count).map(|number| (number, 0))));
        let judgement = ends("ring", steps, vec![knowledge]);
        assert_eq!(judgement.conclusion, Conclusion::Undecided);
    }
}

#[test]
fn handovers_on_a_full_key_end_and_leave_other_steps_their_verdicts_t6() {
    let mut steps: Vec<_> = (0..50)
        .flat_map(|number| [delete(number), create(number, 0)])
        .collect();
    steps.extend([create(100, 0), create(101, 1), delete(102)]);
    let knowledge = known(table(2, (0..50).map(|number| (number, 0))));
    let judgement = ends("full", steps, vec![knowledge]);
    assert!(judgement.bound_reached);
    assert_eq!(judgement.outcomes[101], Outcome::Ok);
    assert!(matches!(judgement.outcomes[102], Outcome::Refused { .. }));
}

#[test]
fn seven_hundred_names_that_are_not_known_end() {
    let unknown = |number: usize| {
        let name = UnknownName {
            label: format!("name {number}").into(),
            prefix: "".into(),
            is_unique: false,
            form: NameForm::Any,
        };
        let request = Request::CreateAlias {
            alias_name: NameReference::Unknown(name),
            target_key_id: super::many::id(0).to_string().as_str().into(),
        };
        RunStep::new(SCOPE, request)
    };
    let steps = (0..700).map(unknown).collect();
    let judgement = ends("unknown", steps, vec![known(table(1, []))]);
    assert!(judgement.bound_reached);
    assert_eq!(judgement.conclusion, Conclusion::Undecided);
    let Outcome::Undecided {
        needs, could_be, ..
    } = &judgement.outcomes[0]
    else {
        panic!("{:?}", judgement.outcomes[0])
    };
    assert!(
        needs.contains(&Need::BoundReached) && could_be.len() > 1,
        "{needs:?} {could_be:?}"
    );
}

fn of_form(number: usize, form: NameForm) -> NameReference {
    NameReference::Unknown(UnknownName {
        label: format!("name {number}").into(),
        prefix: format!("alias/{number}-").into(),
        is_unique: false,
        form,
    })
}

fn create_on(name: NameReference, key: usize) -> RunStep {
    let request = Request::CreateAlias {
        alias_name: name,
        target_key_id: super::many::id(key).to_string().as_str().into(),
    };
    RunStep::new(SCOPE, request)
}

/// Names that are like no other, on keys that have room, decide nothing for each other.
#[test]
fn five_thousand_names_that_are_not_known_are_judged_side_by_side() {
    let name = |number| of_form(number, NameForm::Any);
    let steps = (0..5_000).map(|number| create_on(name(number), number % 110));
    let judgement = ends("apart", steps.collect(), vec![known(table(110, []))]);
    assert!(!judgement.bound_reached);
    assert_eq!(judgement.conclusion, Conclusion::Undecided);
    for outcome in &judgement.outcomes {
        let Outcome::Undecided { needs, .. } = outcome else {
            panic!("{outcome:?}")
        };
        assert!(matches!(needs[..], [Need::Name { .. }]), "{needs:?}");
    }
    assert!(judgement.work < 100_000, "{}", judgement.work);
}

/// Names that may be one and the same are given up in little work, and that is said.
#[test]
fn five_thousand_names_of_which_nothing_is_known_are_given_up_in_little_work() {
    let name = |number: usize| {
        NameReference::Unknown(UnknownName {
            label: format!("name {number}").into(),
            prefix: "".into(),
            is_unique: false,
            form: NameForm::Any,
        })
    };
    let steps = (0..5_000).map(|number| create_on(name(number), number % 110));
    let judgement = ends("alike", steps.collect(), vec![known(table(110, []))]);
    assert!(judgement.bound_reached);
    for outcome in &judgement.outcomes {
        let Outcome::Undecided {
            needs, could_be, ..
        } = outcome
        else {
            panic!("{outcome:?}")
        };
        assert!(needs.contains(&Need::BoundReached) && could_be.len() > 1);
    }
    assert!(judgement.work < 100_000, "{}", judgement.work);
}

#[test]
fn a_hundred_names_of_two_texts_each_on_one_key_are_one_case_t6() {
    let name = |number: usize| {
        let text = |end: &str| format!("alias/{number}-{end}").into();
        of_form(number, NameForm::OneOf(vec![text("a"), text("b")]))
    };
    let steps = (0..100).map(|number| create_on(name(number), 0));
    let judgement = ends("texts", steps.collect(), vec![known(table(1, []))]);
    assert_eq!(judgement.conclusion, Conclusion::Fails);
    each_hangs_on_order(&judgement, 0);
    assert!(judgement.work < 1_000_000, "{}", judgement.work);
}

/// The keys that steps may fill are looked for once, not once for each name.
#[test]
fn many_aliases_under_a_list_that_is_not_complete_are_little_work_each() {
    let of = |count: usize| {
        let steps = (0..count).map(|number| create(number, number)).collect();
        let mut knowledge = known(table(count, []));
        knowledge.alias_list = AliasList::Incomplete;
        let run = Run::listed(steps, AT);
        watchdog::ends("partial", 0, move || judge(&run, vec![knowledge])).work
    };
    let (few, many) = (of(500), of(5_000));
    assert!(many < few * 11, "{few} {many}");
}
