//! A target that is not known may be any key, so that a quota can be full for it (rule T6).

use kms_alias::{AliasListEntry, AliasTable, KeyId, KeySpec, KeyState, KeyUsage, Origin};
use kms_alias_foresee::verdict::{
    AliasList, Conclusion, Fact, KeyFacts, KeyReference, Knowledge, Need, Outcome, Place, Request,
    Run, RunStep, UnknownKey, judge,
};
use kms_alias_testing::half_known::{
    AT, Ask, Key, SCOPE, SmallWorld, Tally, compare, described, key_id,
};
use kms_alias_testing::watchdog;

/// An account with one key of so many aliases, all of which are listed, and a second key without.
fn account(aliases: usize) -> Knowledge {
    let mut table = AliasTable::new(SCOPE);
    for number in 0..2 {
        let Key::Described(key) = described(number, |key| key) else {
            unreachable!("it is described")
        };
        table.insert_key(key).expect("a new key");
    }
    let mut parts = table.snapshot();
    for number in 0..aliases {
        let name = format!("alias/standing-{number}").parse().expect("a name");
        parts
            .aliases
            .push(AliasListEntry::new(name, Some(key_id(0))));
    }
    let mut knowledge = Knowledge::from(parts.into_table().expect("a table"));
    knowledge.alias_list = AliasList::Complete;
    knowledge
}

fn create(name: &str, target: KeyReference) -> RunStep {
    let alias_name = format!("alias/{name}").as_str().into();
    let request = Request::CreateAlias {
        alias_name,
        target_key_id: target,
    };
    RunStep::new(Place::from(SCOPE), request)
}

fn unknown(label: &str) -> KeyReference {
    let mut facts = KeyFacts::customer_managed();
    facts.state = Some(KeyState::Enabled);
    KeyReference::Unknown(UnknownKey {
        label: label.into(),
        facts,
        series: None,
    })
}

fn known(key_id: KeyId) -> KeyReference {
    KeyReference::Text(key_id.to_string().into())
}

fn is_ok(outcome: &Outcome) -> bool {
    *outcome == Outcome::Ok
}

#[test]
fn the_last_place_of_a_key_may_be_taken_by_an_alias_whose_target_is_not_known_t6() {
    let steps = vec![
        create("a", known(key_id(0))),
        create("b", unknown("module.key")),
    ];
    let judgement = judge(&Run::partial(steps.clone(), AT), vec![account(49)]);
    let identity = Need::Key {
        key: "module.key".into(),
        fact: Fact::Identity,
    };
    for outcome in &judgement.outcomes {
        let Outcome::Undecided {
            needs, could_be, ..
        } = outcome
        else {
            panic!("{outcome:?}")
        };
        assert!(needs.contains(&identity), "{needs:?}");
        assert!(format!("{could_be:?}").contains("LimitExceededException"));
    }
    assert_eq!(judgement.conclusion, Conclusion::Undecided);

    let judgement = judge(&Run::listed(steps.clone(), AT), vec![account(49)]);
    assert!(is_ok(&judgement.outcomes[0]), "it comes first");
    assert!(!is_ok(&judgement.outcomes[1]));

    let judgement = judge(&Run::partial(steps, AT), vec![account(48)]);
    assert!(
        judgement.outcomes.iter().all(is_ok),
        "there is room for both"
    );
    assert_eq!(judgement.conclusion, Conclusion::Passes);
}

#[test]
fn a_target_that_is_not_known_may_be_a_full_key_that_no_step_names_t6() {
    let steps = vec![create("a", unknown("module.key"))];
    let judgement = judge(&Run::partial(steps, AT), vec![account(50)]);
    assert!(
        matches!(&judgement.outcomes[0], Outcome::Undecided { needs, .. }
        if matches!(&needs[..], [Need::Key { fact: Fact::Identity, .. }]))
    );
}

#[test]
fn aliases_of_which_no_target_is_known_may_all_be_of_one_key_t6() {
    let each = |count: usize| {
        let step = |number| {
            create(
                &format!("a-{number}"),
                unknown(["one", "other"][number % 2]),
            )
        };
        Run::partial((0..count).map(step).collect(), AT)
    };
    let mut account = account(0).with_aliases_per_key(4);
    let judgement = judge(&each(4), vec![account.clone()]);
    assert!(judgement.outcomes.iter().all(is_ok));
    account = account.with_aliases_per_key(3);
    let judgement = judge(&each(4), vec![account]);
    assert!(!judgement.outcomes.iter().any(is_ok));
}

#[test]
fn where_too_many_targets_are_not_known_only_what_they_concern_is_left_open_t6() {
    let several = (0..12).map(|number| {
        let label = format!("module.key[{number}]");
        create(&format!("a-{number}"), unknown(&label))
    });
    let mut steps: Vec<_> = several.collect();
    steps.push(create("on-the-full-one", known(key_id(0))));
    steps.push(create("elsewhere", known(key_id(1))));
    let judgement = judge(&Run::partial(steps.clone(), AT), vec![account(45)]);
    let bound = |outcome: &Outcome| matches!(outcome, Outcome::Undecided { needs, .. } if needs.contains(&Need::BoundReached));
    assert!(judgement.outcomes[..13].iter().all(bound));
    assert!(is_ok(&judgement.outcomes[13]));
    assert!(judgement.bound_reached);
    assert_eq!(judgement.conclusion, Conclusion::Undecided);

    let judgement = judge(&Run::partial(steps, AT), vec![account(30)]);
    assert!(judgement.outcomes.iter().all(is_ok), "no quota can be full");
    assert!(!judgement.bound_reached);
}

#[test]
fn keys_of_one_series_are_different_keys_t6() {
    let of_series = |number: usize, series: Option<&str>| {
        let KeyReference::Unknown(mut key) = unknown(&format!("module.key[{number}]")) else {
            unreachable!("it is not known")
        };
        key.series = series.map(Box::from);
        create(&format!("a-{number}"), KeyReference::Unknown(key))
    };
    let each = |series| {
        let steps = (0..60).map(|number| of_series(number, series));
        Run::partial(steps.collect(), AT)
    };
    let judgement = judge(&each(Some("module.key")), vec![account(3)]);
    assert!(judgement.outcomes.iter().all(is_ok));
    let judgement = judge(&each(None), vec![account(3)]);
    assert!(!judgement.outcomes.iter().any(is_ok));

    let two = (0..2).map(|number| of_series(number, Some("module.key")));
    let steps: Vec<_> = two.collect();
    let judgement = judge(&Run::partial(steps.clone(), AT), vec![account(49)]);
    assert!(
        judgement.outcomes.iter().all(is_ok),
        "one of them may be the key"
    );
    let judgement = judge(&Run::partial(steps, AT), vec![account(50)]);
    assert!(!judgement.outcomes.iter().any(is_ok), "either may be it");
}

#[test]
fn thousands_of_targets_that_are_not_known_are_judged_in_the_end_t6() {
    let makes = (0..2_000).map(|_| {
        let key = KeyFacts::default();
        RunStep::new(
            Place::from(SCOPE),
            Request::CreateKey {
                key,
                open: Vec::new(),
            },
        )
    });
    let several = (0..2_000).map(|number| {
        let label = format!("module.key[{number}]");
        create(&format!("a-{number}"), unknown(&label))
    });
    let steps: Vec<_> = makes.chain(several).collect();
    let judgement = watchdog::ends("thousands", 0, move || {
        judge(&Run::partial(steps, AT), vec![account(1)])
    });
    assert!(judgement.bound_reached);
}

/// A world of two alike keys, each with an alias, and a target that is not known.
fn alike(steps: Vec<Ask>, after: Option<Vec<Vec<usize>>>) -> SmallWorld {
    let mut facts = KeyFacts::customer_managed();
    facts.state = Some(KeyState::Enabled);
    facts.origin = Some(Origin::AwsKms);
    facts.spec = Some(KeySpec::SymmetricDefault);
    facts.multi_region = Some(false);
    SmallWorld {
        keys: vec![
            described(0, |key| key),
            described(1, |key| key),
            Key::Label("module.a.key", facts),
        ],
        stands: vec![Some(0), Some(1), None],
        quota: 1,
        keys_complete: false,
        assumes_absent: false,
        steps,
        after,
    }
}

#[test]
fn keys_are_not_alike_where_steps_name_the_alias_of_one_t6() {
    let no_order = Some(vec![Vec::new(), Vec::new()]);
    let steps = vec![Ask::Update(0, 2), Ask::Create(0, 2)];
    for world in [
        // It is refused if the target is the other key, which is full.
        alike(steps.clone(), no_order),
        alike(steps, None),
        // It passes if the target is the key on which the alias stands.
        alike(vec![Ask::Create(2, 2), Ask::Update(1, 2)], None),
    ] {
        compare(&world, usize::MAX, true, &mut Tally::default());
    }
}

#[test]
fn a_target_may_be_a_key_whose_state_changed_before_t6() {
    let world = alike(vec![Ask::Disable(0), Ask::Update(1, 2)], None);
    compare(&world, usize::MAX, true, &mut Tally::default());
    let refused = judge(&world.run(), world.knowledge());
    let Outcome::Undecided { could_be, .. } = &refused.outcomes[1] else {
        panic!("{refused:?}");
    };
    assert_eq!(could_be.len(), 2, "{could_be:?}");
}

#[test]
fn a_target_is_no_key_of_another_key_spec_and_none_that_a_whole_list_lacks_t6() {
    let mut hmac = alike(
        vec![
            Ask::State(2, KeyState::PendingDeletion),
            Ask::Create(2, 0),
            Ask::Create(0, 2),
        ],
        None,
    );
    hmac.keys[0] = described(0, |key| {
        key.spec(KeySpec::Hmac224)
            .usage(KeyUsage::GenerateVerifyMac)
    });
    if let Key::Label(_, facts) = &mut hmac.keys[2] {
        facts.spec = Some(KeySpec::Hmac384);
        facts.state = None;
    }
    compare(&hmac, usize::MAX, false, &mut Tally::default());
    let mut gone = alike(vec![Ask::Update(0, 2), Ask::Create(2, 2)], None);
    gone.keys[1] = Key::Undescribed(key_id(1), KeyFacts::default());
    gone.stands[1] = None;
    gone.keys_complete = true;
    compare(&gone, usize::MAX, true, &mut Tally::default());
}
