//! The oracle: every completion and every order, through closed tables alone.

use std::collections::BTreeSet;

use kms_alias::{AliasListEntry, AliasTable, KeyId, KeyMetadata, Refusal, Snapshot};
use kms_alias_foresee::verdict::{Answer, Conclusion, Need, Possible};

use super::completions::{completions, differences, made};
use super::world::{AT, Ask, Key, SCOPE, SmallWorld, name, oracle_id, shown};

/// What each key is, by its place in the world's list.
type Completion = Vec<Option<KeyMetadata>>;

/// Everything that can come out of a small world.
pub struct Truth {
    /// The possible outcomes of each step.
    pub outcomes: Vec<BTreeSet<Possible>>,
    pub conclusion: Conclusion,
    pub completions: usize,
    pub orders: usize,
}

/// All that a small world leaves open.
pub struct Oracle<'w> {
    world: &'w SmallWorld,
    /// What each key can be.
    pub keys: Vec<Vec<Option<KeyMetadata>>>,
    pub orders: Vec<Vec<usize>>,
}

impl<'w> Oracle<'w> {
    pub fn of(world: &'w SmallWorld) -> Self {
        let keys = world.keys.iter().enumerate().map(|(number, key)| {
            let key_id = oracle_id(key, number);
            match key {
                Key::Described(key) => vec![Some(key.clone())],
                Key::Undescribed(_, facts) => {
                    let stands = world.stands.contains(&Some(number));
                    let mut facts = *facts;
                    if stands {
                        facts = facts.or(kms_alias_foresee::verdict::KeyFacts::customer_managed());
                    }
                    if !facts.exists && world.keys_complete {
                        return vec![None];
                    }
                    completions(key_id, &facts, !facts.exists)
                }
                Key::Label(_, facts) => {
                    let mut keys = completions(key_id, facts, !facts.exists);
                    keys.extend(completions(multi_region(key, number), facts, false));
                    keys
                }
                Key::Made(facts) => {
                    let mut keys = made(key_id, facts);
                    keys.extend(made(multi_region(key, number), facts));
                    keys
                }
            }
        });
        Self {
            world,
            keys: keys.collect(),
            orders: orders(world),
        }
    }

    /// How many runs there are to try.
    pub fn size(&self) -> usize {
        let completions: usize = self.keys.iter().map(Vec::len).product();
        completions.saturating_mul(self.orders.len())
    }

    pub fn truth(&self) -> Truth {
        let mut outcomes = vec![BTreeSet::new(); self.world.steps.len()];
        let (mut clean, mut refused, mut count) = (false, false, 0);
        self.each_completion(&mut |completion| {
            count += 1;
            for order in &self.orders {
                let ran = self.run(completion, order);
                let is_clean = ran.iter().all(|possible| *possible == Possible::Ok);
                clean |= is_clean;
                refused |= !is_clean;
                for (outcomes, possible) in outcomes.iter_mut().zip(ran) {
                    outcomes.insert(possible);
                }
            }
        });
        let conclusion = match (clean, refused) {
            (true, false) => Conclusion::Passes,
            (false, _) => Conclusion::Fails,
            _ => Conclusion::Undecided,
        };
        Truth {
            outcomes,
            conclusion,
            completions: count,
            orders: self.orders.len(),
        }
    }

    fn each_completion(&self, visit: &mut dyn FnMut(&Completion)) {
        let mut at = vec![0; self.keys.len()];
        loop {
            let chosen = self
                .keys
                .iter()
                .zip(&at)
                .map(|(keys, at)| keys[*at].clone());
            visit(&chosen.collect());
            let mut place = 0;
            loop {
                let Some(digit) = at.get_mut(place) else {
                    return;
                };
                *digit += 1;
                if *digit < self.keys[place].len() {
                    break;
                }
                *digit = 0;
                place += 1;
            }
        }
    }

    /// The outcome of each step in one completion and one order.
    pub fn run(&self, completion: &Completion, order: &[usize]) -> Vec<Possible> {
        let mut table = self.table(completion);
        let mut outcomes = vec![Possible::Ok; self.world.steps.len()];
        for step in order {
            let ask = self.world.steps[*step];
            let Some(operation) = self.world.operation(ask, completion) else {
                let Ask::Make(of) = ask else { unreachable!() };
                let key = completion[of].clone().expect("it is made");
                table.insert_key(key).expect("it is new");
                continue;
            };
            if let Err(refusal) = table.apply(&operation, AT) {
                outcomes[*step] = Possible::Refused(self.answer(&refusal));
            }
        }
        outcomes
    }

    fn table(&self, completion: &Completion) -> AliasTable {
        let mut parts = Snapshot::new(SCOPE);
        parts.aliases_per_key = self.world.quota;
        for (key, is) in self.world.keys.iter().zip(completion) {
            if !matches!(key, Key::Made(_)) {
                parts.keys.extend(is.clone());
            }
        }
        for (number, on) in self.world.stands.iter().enumerate() {
            if let Some(on) = on {
                let key_id = oracle_id(&self.world.keys[*on], *on);
                parts
                    .aliases
                    .push(AliasListEntry::new(name(number).into(), Some(key_id)));
            }
        }
        parts.into_table().expect("a table")
    }

    fn answer(&self, refusal: &Refusal) -> Answer {
        let mut message = refusal.to_string();
        for (number, key) in self.world.keys.iter().enumerate() {
            let id = oracle_id(key, number).to_string();
            if let Refusal::DeletionNotDue { deletion_date, .. } = refusal {
                let is_open = self.keys[number].len() > 1;
                let other = multi_region(key, number).to_string();
                if is_open && (message.contains(&id) || message.contains(&other)) {
                    let date = deletion_date.as_millis().to_string();
                    message = message.replace(&date, "<deletion date>");
                }
            }
            if let Some(label) = shown(self.world, number) {
                message = message.replace(&id, &format!("<{label}>"));
                let id = multi_region(key, number).to_string();
                message = message.replace(&id, &format!("<{label}>"));
            }
        }
        Answer {
            rule: refusal.rule(),
            exception: refusal.exception(),
            message: message.into(),
        }
    }

    /// Whether a need of a step is one: changing it alone changes the outcome.
    pub fn matters(&self, step: usize, need: &Need) -> bool {
        match need {
            Need::Key { key, fact } => {
                let text = |number: usize| {
                    let id = oracle_id(&self.world.keys[number], number).to_string();
                    shown(self.world, number).unwrap_or(id)
                };
                let number = (0..self.keys.len()).find(|number| text(*number) == **key);
                self.fact_matters(step, number.expect("a key of the world"), *fact)
            }
            Need::Order { first, second } => self.order_matters(step, *first, *second),
            _ => false,
        }
    }

    fn fact_matters(
        &self,
        step: usize,
        number: usize,
        fact: kms_alias_foresee::verdict::Fact,
    ) -> bool {
        let mut found = false;
        self.each_completion(&mut |completion| {
            // Each completion of the others is met once, with the first way of this key.
            if found || completion[number] != self.keys[number][0] {
                return;
            }
            for order in &self.orders {
                let with = |key: &Option<KeyMetadata>| {
                    let mut completion = completion.clone();
                    completion[number] = key.clone();
                    self.run(&completion, order)[step].clone()
                };
                let outcomes: Vec<_> = self.keys[number].iter().map(with).collect();
                found |= separates(&self.keys[number], &outcomes, fact);
            }
        });
        found
    }

    fn order_matters(&self, step: usize, first: usize, second: usize) -> bool {
        let mut found = false;
        self.each_completion(&mut |completion| {
            for order in &self.orders {
                let at = order
                    .windows(2)
                    .position(|pair| pair == [first, second] || pair == [second, first]);
                let Some(at) = at.filter(|_| !found) else {
                    continue;
                };
                let mut other = order.clone();
                other.swap(at, at + 1);
                if self.orders.contains(&other) {
                    found = self.run(completion, order)[step] != self.run(completion, &other)[step];
                }
            }
        });
        found
    }
}

/// The ID of a key that has none, if it is a multi-Region key.
fn multi_region(key: &Key, number: usize) -> KeyId {
    KeyId::new(*oracle_id(key, number).as_bytes(), true)
}

/// Whether a fact is among the least differences between two ways that lead to two outcomes.
fn separates(
    keys: &[Option<KeyMetadata>],
    outcomes: &[Possible],
    fact: kms_alias_foresee::verdict::Fact,
) -> bool {
    keys.iter().zip(outcomes).any(|(one, outcome)| {
        let others = keys
            .iter()
            .zip(outcomes)
            .filter(|(_, other)| *other != outcome);
        let differing = others.map(|(other, _)| differences(one.as_ref(), other.as_ref()));
        let differing: BTreeSet<Vec<_>> = differing.collect();
        let is_least = |facts: &&Vec<_>| {
            let less =
                |other: &&Vec<_>| other != facts && other.iter().all(|fact| facts.contains(fact));
            !differing.iter().any(|other| less(&other))
        };
        differing
            .iter()
            .filter(is_least)
            .any(|facts| facts.contains(&fact))
    })
}

/// Every order that the world allows.
fn orders(world: &SmallWorld) -> Vec<Vec<usize>> {
    let Some(after) = &world.after else {
        return vec![(0..world.steps.len()).collect()];
    };
    let mut found = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(order) = open.pop() {
        if order.len() == world.steps.len() {
            found.push(order);
            continue;
        }
        for (step, after) in after.iter().enumerate() {
            if !order.contains(&step) && after.iter().all(|before| order.contains(before)) {
                let mut next = order.clone();
                next.push(step);
                open.push(next);
            }
        }
    }
    found
}
