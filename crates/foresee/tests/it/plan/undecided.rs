//! Plans in accounts with keys that are not described, held against the plans of every way in which
//! such a key can be.

use super::*;
use kms_alias_foresee::verdict::{Conclusion, KeyFacts, KeyList, Knowledge, Possible};

/// Keys as they can be that are not described: of both usages of RSA, of another type, of AWS, in
/// states in which an alias comes and in which none does.
fn ways(key_id: KeyId) -> Vec<KeyMetadata> {
    let aws = KeyMetadata::builder(KeyArn::new(scope(), key_id)).manager(KeyManager::Aws);
    vec![
        key(key_id),
        in_state(key_id, KeyState::Disabled),
        in_state(key_id, KeyState::PendingDeletion),
        of(key_id, KeySpec::Rsa2048, KeyUsage::EncryptDecrypt),
        of(key_id, KeySpec::Rsa2048, KeyUsage::SignVerify),
        aws.build().expect("a key"),
    ]
}

/// An alias in every place, wanted in every place, with two keys of which each is described or
/// not, and a quota that is reached or not.
struct Case {
    stands: Option<KeyId>,
    wanted: Option<KeyId>,
    open: [bool; 2],
    /// Other aliases on each key.
    others: usize,
    quota: u32,
}

impl Case {
    fn all() -> Vec<Self> {
        let places = [None, Some(A), Some(B)];
        let mut cases = Vec::new();
        for stands in places {
            for wanted in places {
                for open in [[true, false], [false, true], [true, true], [false, false]] {
                    for (others, quota) in [(0, 50), (0, 1), (1, 1), (1, 2), (2, 1)] {
                        cases.push(Self {
                            stands,
                            wanted,
                            open,
                            others,
                            quota,
                        });
                    }
                }
            }
        }
        cases
    }

    fn aliases(&self) -> Vec<AliasListEntry> {
        let others = (0..self.others).flat_map(|number| {
            [A, B].map(|key_id| (format!("alias/other-{key_id}-{number}"), key_id))
        });
        let stands = self.stands.map(|key_id| ("alias/a".to_owned(), key_id));
        let all = others.chain(stands);
        all.map(|(name, key_id)| AliasListEntry::new(name.parse().expect("a name"), Some(key_id)))
            .collect()
    }

    /// What is wanted: all others as they stand.
    fn wish(&self) -> Wanted {
        let mut wanted: Wanted = self
            .aliases()
            .into_iter()
            .filter_map(|alias| Some((alias.alias_name, alias.target_key_id?)))
            .collect();
        wanted.remove("alias/a");
        if let Some(key_id) = self.wanted {
            wanted.insert(AliasName::from_static("alias/a"), key_id);
        }
        wanted
    }

    fn parts(&self, keys: Vec<KeyMetadata>, undescribed_keys: Vec<KeyId>) -> AliasTable {
        let mut parts = Snapshot::new(scope());
        parts.aliases_per_key = self.quota;
        parts.keys = keys;
        parts.undescribed_keys = undescribed_keys;
        parts.aliases = self.aliases();
        parts.into_table().expect("a table")
    }

    fn half_known(&self) -> AliasTable {
        let keys = [A, B].into_iter().zip(self.open);
        let (open, described): (Vec<_>, Vec<_>) = keys.partition(|(_, open)| *open);
        let described = described.into_iter().map(|(key_id, _)| key(key_id));
        let open = open.into_iter().map(|(key_id, _)| key_id);
        self.parts(described.collect(), open.collect())
    }

    /// The table in every way in which it can be: a customer's alias names no key of AWS's
    /// (rule H1).
    fn completions(&self) -> Vec<AliasTable> {
        let of_key = |(key_id, open): (KeyId, bool)| {
            let mut ways = if open {
                ways(key_id)
            } else {
                vec![key(key_id)]
            };
            let has_alias = self.others > 0 || self.stands == Some(key_id);
            ways.retain(|key| !has_alias || key.manager() == KeyManager::Customer);
            ways
        };
        let [a, b] = [(A, self.open[0]), (B, self.open[1])].map(of_key);
        let pairs = a.iter().flat_map(|a| b.iter().map(move |b| [a, b]));
        pairs
            .map(|keys| self.parts(keys.into_iter().cloned().collect(), Vec::new()))
            .collect()
    }
}

#[test]
fn a_plan_is_made_or_refused_only_if_it_is_so_in_every_completion_i6() {
    let (mut plans, mut fails, mut undecided) = (0, 0, 0);
    for case in Case::all() {
        let (table, wish) = (case.half_known(), case.wish());
        let told = Plan::new(&table, &wish, pruned(), AT);
        let mut knowledge = Knowledge::from(table);
        knowledge.key_list = KeyList::Complete;
        assert_eq!(told, Plan::of_account(&knowledge, &wish, pruned(), AT));
        let closed = case.completions().into_iter();
        let closed: Vec<_> = closed
            .map(|table| Plan::new(&table, &wish, pruned(), AT))
            .collect();
        let names = (case.stands, case.wanted, case.open, case.others, case.quota);
        let steps = |plan: &Plan| plan.operations().cloned().collect::<Vec<_>>();
        match told {
            Ok(plan) => {
                plans += 1;
                for closed in closed {
                    let closed = closed.unwrap_or_else(|error| panic!("{names:?}: {error}"));
                    assert_eq!(steps(&plan), steps(&closed), "{names:?}");
                }
            }
            Err(told) if told.conclusion() == Conclusion::Fails => {
                fails += 1;
                assert!(closed.iter().all(Result::is_err), "{names:?}: {told}");
                assert!(
                    told.unreachable()
                        .iter()
                        .all(|one| !one.refusals().is_empty())
                );
                let refusals = told.unreachable().iter().flat_map(|one| one.refusals());
                assert!(
                    refusals
                        .map(Refusal::exception)
                        .all(|name| !name.is_empty())
                );
            }
            Err(told) => {
                undecided += 1;
                let some = closed.iter().find_map(|closed| closed.as_ref().ok());
                let some = some.unwrap_or_else(|| panic!("{names:?}: all fail, and {told}"));
                let differs = |closed: &Result<Plan, Impossible>| {
                    closed
                        .as_ref()
                        .map_or(true, |plan| steps(plan) != steps(some))
                };
                assert!(
                    closed.iter().any(differs),
                    "{names:?}: all agree, and {told}"
                );
                assert_tells_of(&told, &closed);
            }
        }
    }
    assert!(
        plans > 50 && fails > 10 && undecided > 20,
        "{plans}, {fails}, {undecided}"
    );
}

/// What is said of an undecided alias is what completions show: whether it can be had, which rules
/// may stand in its way, and whether it may take a gap.
#[track_caller]
fn assert_tells_of(told: &Impossible, closed: &[Result<Plan, Impossible>]) {
    let [undecided] = told.undecided() else {
        panic!("one alias is undecided: {told}");
    };
    assert!(!undecided.needs().is_empty() && !undecided.settle().is_empty());
    let plans = || closed.iter().filter_map(|closed| closed.as_ref().ok());
    let could_be = undecided.could_be();
    assert!(could_be.contains(&Possible::Ok));
    assert_eq!(
        undecided.may_need_gap(),
        plans().any(|plan| plan.gaps().count() > 0)
    );
    let refused = closed.iter().filter_map(|closed| closed.as_ref().err());
    let rules = refused.map(|told| told.unreachable()[0].refusals()[0].rule());
    let mut rules: Vec<_> = rules.collect();
    rules.sort_unstable();
    rules.dedup();
    let told = could_be.iter().filter_map(|possible| match possible {
        Possible::Ok => None,
        Possible::Refused(answer) => Some(answer.rule),
    });
    let mut told: Vec<_> = told.collect();
    told.sort_unstable();
    told.dedup();
    assert_eq!(told, rules);
}

#[test]
fn facts_of_a_key_that_is_not_described_decide_where_they_are_enough_i6() {
    let mut facts = KeyFacts::customer_managed();
    facts.spec = Some(KeySpec::Rsa4096);
    facts.usage = Some(KeyUsage::SignVerify);
    let known = |facts: KeyFacts| {
        let mut knowledge = Knowledge::from(table(50, &[key(A)], &[("alias/a", A)]));
        knowledge.key_list = KeyList::Complete;
        knowledge.insert_undescribed_key(B, facts);
        knowledge
    };
    let wish = wanted(&[("alias/a", B)]);
    let plan = |knowledge: &Knowledge| Plan::of_account(knowledge, &wish, pruned(), AT);
    // The state is missing.
    let told = plan(&known(facts)).expect_err("it could be pending deletion");
    assert_eq!(told.conclusion(), Conclusion::Undecided);
    facts.state = Some(KeyState::Enabled);
    let plan_of = plan(&known(facts)).expect("a plan");
    assert_eq!(plan_of.gaps().count(), 1); // rule U4: RSA that signs
    facts.state = Some(KeyState::PendingDeletion);
    let told = plan(&known(facts)).expect_err("T5");
    assert_eq!(rules(&told), [("alias/a", vec![Rule::T5])]);
    assert!(told.undecided().is_empty());
}

#[test]
fn of_too_many_aliases_for_a_key_that_is_not_described_some_are_certain_to_fail_t6() {
    let standing = [("alias/old", A)];
    let mut parts = Snapshot::new(scope());
    parts.aliases_per_key = 2;
    parts.aliases = standing
        .map(|(name, key_id)| AliasListEntry::new(name.parse().expect("a name"), Some(key_id)))
        .into();
    let table = parts.into_table().expect("a table");
    let wish = wanted(&[("alias/one", A), ("alias/two", A)]);
    let told = refused(&table, &wish, PlanOptions::default());
    assert_eq!(rules(&told), [("alias/two", vec![Rule::T6])]);
    let undecided = told.undecided().iter().map(|one| one.alias_name().as_str());
    assert_eq!(undecided.collect::<Vec<_>>(), ["alias/one"]);
    assert_eq!(told.conclusion(), Conclusion::Fails);
    assert_eq!(told.to_string().lines().count(), 2);
}

#[test]
fn many_undecided_aliases_are_told_soon() {
    let aliases: Vec<_> = (0..2_000).map(|number| format!("alias/{number}")).collect();
    let entry = |(number, name): (usize, &String)| {
        let on = KeyId::new([u8::try_from(number % 100).expect("small"); 16], false);
        AliasListEntry::new(name.parse().expect("a name"), Some(on))
    };
    let mut parts = Snapshot::new(scope());
    parts.aliases = aliases.iter().enumerate().map(entry).collect();
    parts.keys = vec![key(A)];
    let table = parts.into_table().expect("a table");
    let wish: Wanted = aliases
        .iter()
        .map(|name| (name.parse::<kms_alias::AnyAliasName>().expect("a name"), A))
        .collect();
    let begin = std::time::Instant::now();
    let told = refused(
        &table.with_aliases_per_key(5_000),
        &wish,
        PlanOptions::default(),
    );
    assert_eq!(told.undecided().len(), 2_000);
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}
