//! The oracle: every completion and every order, through closed tables alone.

use std::collections::BTreeSet;

use kms_alias::{
    AliasListEntry, AliasTable, KeyArn, KeyManager, KeyMetadata, MultiRegionRole, Refusal, Scope,
    Snapshot,
};
use kms_alias_foresee::verdict::{Answer, Conclusion, Fact, Need, Possible};

use super::completions::{differences, fits, refusals, separates};
use super::ways::{Identities, identities, is_possible, multi_region, orders, replica_of, ways};
use super::world::{AT, Ask, Key, SCOPE, SmallWorld, THERE, name, oracle_id, shown};

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
    identities: Vec<Identities>,
}

impl<'w> Oracle<'w> {
    pub fn of(world: &'w SmallWorld) -> Self {
        let keys = (0..world.keys.len()).map(|number| ways(world, number));
        Self {
            world,
            keys: keys.collect(),
            orders: orders(world),
            identities: identities(world),
        }
    }

    /// Whether no key can be what is known of one: that is no world.
    pub fn contradicts(&self) -> bool {
        let each = self.keys.iter().zip(&self.world.keys);
        each.into_iter().any(|(ways, key)| match key.inner() {
            Key::Made(facts, _) => ways.iter().all(Option::is_none) && is_possible(facts),
            Key::Replica { .. } => ways.is_empty(),
            _ => ways.is_empty() || (!self.world.keys_complete && ways.iter().all(Option::is_none)),
        })
    }

    /// How many runs there are to try.
    pub fn size(&self) -> usize {
        let completions = |identities: &Identities| {
            let each = self.keys.iter().zip(identities);
            let own = each.filter(|(_, identity)| identity.is_none());
            own.map(|(keys, _)| keys.len()).product::<usize>()
        };
        let completions: usize = self.identities.iter().map(completions).sum();
        completions.saturating_mul(self.orders.len())
    }

    pub fn truth(&self) -> Truth {
        let mut outcomes = vec![BTreeSet::new(); self.world.steps.len()];
        let (mut clean, mut refused, mut count) = (false, false, 0);
        self.each_completion(&mut |completion, identities| {
            count += 1;
            for order in self.orders_of(identities) {
                let ran = self.run(completion, order);
                let is_clean = ran.iter().all(|possible| *possible == Possible::Ok);
                clean |= is_clean;
                refused |= !is_clean;
                for (step, possible) in ran.into_iter().enumerate() {
                    // A key that cannot be made may be refused in several ways.
                    if let (Possible::Refused(_), Ask::Make(of)) =
                        (&possible, self.world.steps[step])
                        && let Key::Made(facts, _) = self.world.keys[of].inner()
                    {
                        outcomes[step].extend(refusals(facts).into_iter().map(Possible::Refused));
                    }
                    outcomes[step].insert(possible);
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

    fn each_completion(&self, visit: &mut dyn FnMut(&Completion, &Identities)) {
        for identities in &self.identities {
            let mut at = vec![0; self.keys.len()];
            loop {
                let chosen = self.keys.iter().zip(&at);
                let chosen = chosen.map(|(keys, at)| keys[*at].clone()).collect();
                if let Some(completion) = self.identified(chosen, identities) {
                    visit(&completion, identities);
                }
                let mut place = 0;
                while let Some(digit) = at.get_mut(place) {
                    *digit += 1;
                    if identities[place].is_none() && *digit < self.keys[place].len() {
                        break;
                    }
                    *digit = 0;
                    place += 1;
                }
                if place == at.len() {
                    break;
                }
            }
        }
    }

    /// The same completion with each key that is another being that one; none if it cannot be.
    fn identified(&self, mut chosen: Completion, identities: &Identities) -> Option<Completion> {
        for (number, identity) in identities.iter().enumerate() {
            let Some(other) = identity else { continue };
            let Key::Label(_, facts) = &self.world.keys[number] else {
                unreachable!("it has no ID")
            };
            let is = chosen[*other].clone()?;
            let can_bear = is.manager() == KeyManager::Customer;
            if !fits(&is, facts) || !can_bear {
                return None;
            }
            chosen[number] = Some(is);
        }
        Some(chosen)
    }

    /// The orders in which a key is made before a step names it by a value that is not known.
    fn orders_of(&self, identities: &Identities) -> impl Iterator<Item = &Vec<usize>> {
        let steps = &self.world.steps;
        let mut pairs = Vec::new();
        for (number, identity) in identities.iter().enumerate() {
            let make = identity.and_then(|of| steps.iter().position(|ask| *ask == Ask::Make(of)));
            let names = |step: &usize| steps[*step].key() == Some(number);
            pairs.extend(make.into_iter().flat_map(|make| {
                let named = (0..steps.len()).filter(names);
                named.map(move |step| (make, step)).collect::<Vec<_>>()
            }));
        }
        self.orders.iter().filter(move |order| {
            let at = |step: usize| order.iter().position(|known| *known == step);
            pairs.iter().all(|(first, second)| at(*first) < at(*second))
        })
    }

    /// The outcome of each step in one completion and one order.
    pub fn run(&self, completion: &Completion, order: &[usize]) -> Vec<Possible> {
        let mut tables = [SCOPE, THERE].map(|scope| self.table(completion, scope));
        let mut outcomes = vec![Possible::Ok; self.world.steps.len()];
        for step in order {
            let ask = self.world.steps[*step];
            let refused = match (self.world.operation(ask, completion), ask) {
                (None, Ask::Make(of)) => {
                    if let (Key::Made(facts, _), None) =
                        (self.world.keys[of].inner(), &completion[of])
                    {
                        let first = refusals(facts).into_iter().next();
                        outcomes[*step] = Possible::Refused(first.expect("a reason"));
                        continue;
                    }
                    self.make(completion, of, &mut tables).err()
                }
                (operation, _) => {
                    let operation = operation.expect("it makes no key");
                    let table = &mut tables[place(self.world.scope_of(ask))];
                    table.apply(&operation, AT).err()
                }
            };
            if let Some(refusal) = refused {
                let named = ask
                    .key()
                    .filter(|number| shown(self.world, *number).is_some());
                let named = named.and_then(|number| Some((number, completion[number].as_ref()?)));
                outcomes[*step] = Possible::Refused(self.answer(&refusal, named));
            }
        }
        outcomes
    }

    /// CreateKey or ReplicateKey.
    fn make(
        &self,
        completion: &Completion,
        of: usize,
        tables: &mut [AliasTable; 2],
    ) -> Result<(), Refusal> {
        let scope = self.world.keys[of].scope();
        let Key::Replica { primary, facts, .. } = self.world.keys[of].inner() else {
            let key = completion[of].clone().expect("it is made");
            tables[place(scope)].insert_key(key).expect("it is new");
            return Ok(());
        };
        let key_id = completion[*primary].as_ref().map(KeyMetadata::key_id);
        let key_id = key_id.unwrap_or(oracle_id(self.world, *primary));
        let home = &tables[place(self.world.keys[*primary].scope())];
        let primary_key = home
            .check_replication(&key_id.into(), scope.region())?
            .clone();
        if tables[place(scope)].knows_key(&key_id) {
            return Err(Refusal::ReplicaExists);
        }
        let arn = KeyArn::new(scope, key_id);
        let replica = replica_of(&primary_key, arn, facts);
        tables[place(scope)].insert_key(replica).expect("it is new");
        let Some(MultiRegionRole::Primary { replicas }) = primary_key.multi_region_role() else {
            unreachable!("it is a primary")
        };
        let replicas = replicas + 1;
        let primary_key = primary_key.with_role(MultiRegionRole::Primary { replicas });
        let home = &mut tables[place(self.world.keys[*primary].scope())];
        home.change_key(primary_key.expect("a key"))
            .expect("it stands");
        Ok(())
    }

    fn table(&self, completion: &Completion, scope: Scope) -> AliasTable {
        let mut parts = Snapshot::new(scope);
        parts.aliases_per_key = self.world.quota;
        for (number, (key, is)) in self.world.keys.iter().zip(completion).enumerate() {
            if key.scope() != scope {
                continue;
            }
            let id = |key: &Option<KeyMetadata>| key.as_ref().map(KeyMetadata::key_id);
            let mut others = completion.iter().zip(&self.world.keys).enumerate();
            let is_another = others.any(|(other, (is_too, key))| {
                let comes_first = other < number || !matches!(key, Key::Label(..));
                other != number && comes_first && id(is_too) == id(is)
            });
            let is_there = match key.inner() {
                Key::Made(..) => false,
                Key::Label(..) => !is_another,
                _ => true,
            };
            if is_there {
                parts.keys.extend(is.clone());
            }
        }
        for (number, on) in self.world.stands.iter().enumerate() {
            let is_here = |on: &usize| self.world.keys[*on].scope() == scope;
            if let Some(on) = on.filter(|on| is_here(on) && completion[*on].is_some()) {
                let key_id = oracle_id(self.world, on);
                parts
                    .aliases
                    .push(AliasListEntry::new(name(number).into(), Some(key_id)));
            }
        }
        parts.into_table().expect("a table")
    }

    fn answer(&self, refusal: &Refusal, named: Option<(usize, &KeyMetadata)>) -> Answer {
        let mut message = refusal.to_string();
        for (number, key) in self.world.keys.iter().enumerate() {
            let scope = key.scope();
            let own = format!("{scope}:key/{}", oracle_id(self.world, number));
            let other = format!("{scope}:key/{}", multi_region(self.world, number));
            if let Refusal::DeletionNotDue { deletion_date, .. } = refusal {
                // Key specs of one type and usage are one way.
                let first = self.keys[number].first().and_then(Option::as_ref);
                let differs = |key: &Option<_>| !differences(first, key.as_ref()).is_empty();
                let is_open = self.keys[number].iter().any(differs);
                if is_open && (message.contains(&own) || message.contains(&other)) {
                    let date = deletion_date.as_millis().to_string();
                    message = message.replace(&date, "<deletion date>");
                }
            }
            if let Some(label) = shown(self.world, number) {
                let label = format!("{scope}:key/<{label}>");
                message = message.replace(&own, &label).replace(&other, &label);
            }
        }
        // Some of our own words have the ID alone.
        for number in 0..self.world.keys.len() {
            if let Some(label) = shown(self.world, number) {
                let ids = [
                    oracle_id(self.world, number),
                    multi_region(self.world, number),
                ];
                for id in ids {
                    message = message.replace(&id.to_string(), &format!("<{label}>"));
                }
            }
        }
        // A key that a step names by an unknown value is shown so, whichever it is.
        if let Some((number, is)) = named
            && let Some(label) = shown(self.world, number)
        {
            let numbers = 0..self.world.keys.len();
            let shown = numbers.filter_map(|number| shown(self.world, number));
            let shown = shown.map(|shown| format!("<{shown}>"));
            for shown in shown.chain([is.key_id().to_string()]) {
                let (from, to) = (format!("key/{shown}"), format!("key/<{label}>"));
                message = message.replace(&from, &to);
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
                let scope = self.world.scope_of(self.world.steps[step]);
                let is_it = |number: &usize| self.key_text_at(*number, scope) == **key;
                let number = (0..self.keys.len()).find(is_it);
                let number = number.expect("a key of the world");
                match fact {
                    Fact::Identity => self.identity_matters(step, number),
                    fact if self.is_asked_for(number, *fact) => {
                        self.fact_matters(step, number, Fact::Existence)
                            || self.fact_matters(step, number, *fact)
                    }
                    fact => self.fact_matters(step, number, *fact),
                }
            }
            Need::Order { first, second } => self.order_matters(step, *first, *second),
            _ => false,
        }
    }

    /// Whether it depends on a fact that is not known whether CreateKey makes a key.
    fn is_asked_for(&self, number: usize, fact: Fact) -> bool {
        let Key::Made(facts, _) = self.world.keys[number].inner() else {
            return false;
        };
        match fact {
            Fact::KeyType => facts.spec.is_none(),
            Fact::KeyUsage => facts.usage.is_none(),
            Fact::Origin => facts.origin.is_none(),
            Fact::MultiRegion => facts.multi_region.is_none(),
            _ => false,
        }
    }

    fn fact_matters(&self, step: usize, number: usize, fact: Fact) -> bool {
        let mut found = false;
        self.each_completion(&mut |completion, identities| {
            let is_own = identities[number].is_none();
            if found || !is_own || !self.is_first_way(completion, identities, number) {
                return;
            }
            for order in self.orders_of(identities) {
                let with = |key: &Option<KeyMetadata>| {
                    let mut completion = completion.clone();
                    completion[number] = key.clone();
                    let completion = self.identified(completion, identities)?;
                    Some(self.run(&completion, order)[step].clone())
                };
                let each = self.keys[number].iter();
                let ran = each.filter_map(|key| Some((key.clone(), with(key)?)));
                let (keys, outcomes): (Vec<_>, Vec<_>) = ran.unzip();
                found |= separates(&keys, &outcomes, fact);
            }
        });
        found
    }

    /// Whether it changes the outcome of a step which key one is that has no ID.
    fn identity_matters(&self, step: usize, number: usize) -> bool {
        let mut found = false;
        self.each_completion(&mut |completion, identities| {
            let others = (0..self.keys.len()).filter(|other| *other != number);
            for other in others.map(Some).chain([None]) {
                let mut instead = identities.clone();
                instead[number] = other;
                if found || instead == *identities || !self.identities.contains(&instead) {
                    continue;
                }
                let owns: Vec<_> = match other {
                    Some(_) => vec![completion[number].clone()],
                    None => self.keys[number].clone(),
                };
                for own in owns {
                    let mut with = completion.clone();
                    with[number] = own;
                    let Some(with) = self.identified(with, &instead) else {
                        continue;
                    };
                    let mine: Vec<_> = self.orders_of(identities).collect();
                    for order in self
                        .orders_of(&instead)
                        .filter(|order| mine.contains(order))
                    {
                        found |= self.run(completion, order)[step] != self.run(&with, order)[step];
                    }
                }
            }
        });
        found
    }

    /// Whether a key is in the first way that fits a completion of the others: so each of these is met
    /// once.
    fn is_first_way(
        &self,
        completion: &Completion,
        identities: &Identities,
        number: usize,
    ) -> bool {
        let fits = |key: &&Option<KeyMetadata>| {
            let mut completion = completion.clone();
            completion[number] = (*key).clone();
            self.identified(completion, identities).is_some()
        };
        self.keys[number].iter().find(fits) == Some(&completion[number])
    }

    /// The facts of keys each of which, changed alone, changes the outcome of a step.
    pub fn facts_alone(&self, step: usize) -> BTreeSet<(usize, Fact)> {
        let mut found = BTreeSet::new();
        self.each_completion(&mut |completion, identities| {
            for number in 0..self.keys.len() {
                let is_own = identities[number].is_none();
                let is_made = matches!(self.world.keys[number].inner(), Key::Made(..));
                if !is_own || !self.is_first_way(completion, identities, number) {
                    continue;
                }
                for order in self.orders_of(identities) {
                    let outcome = |key: &Option<KeyMetadata>| {
                        let mut completion = completion.clone();
                        completion[number] = key.clone();
                        let completion = self.identified(completion, identities)?;
                        Some((key.clone(), self.run(&completion, order)[step].clone()))
                    };
                    let ways: Vec<_> = self.keys[number].iter().filter_map(outcome).collect();
                    for (place, (one, comes_out)) in ways.iter().enumerate() {
                        let others = ways.iter().skip(place);
                        for (other, _) in others.filter(|(_, other)| other != comes_out) {
                            if let [fact] = differences(one.as_ref(), other.as_ref())[..]
                                && !(is_made && fact == Fact::Existence)
                            {
                                found.insert((number, fact));
                            }
                        }
                    }
                }
            }
        });
        found
    }

    /// What a key is called in needs of a step of this Region.
    pub fn key_text_at(&self, number: usize, scope: Scope) -> String {
        let id = oracle_id(self.world, number).to_string();
        let of = self.world.keys[number].scope();
        let named = if of == scope {
            id
        } else {
            format!("{of}:key/{id}")
        };
        shown(self.world, number).unwrap_or(named)
    }

    fn order_matters(&self, step: usize, first: usize, second: usize) -> bool {
        let mut found = false;
        self.each_completion(&mut |completion, identities| {
            let orders: Vec<_> = self.orders_of(identities).collect();
            for order in &orders {
                let at = order
                    .windows(2)
                    .position(|pair| pair == [first, second] || pair == [second, first]);
                let Some(at) = at.filter(|_| !found) else {
                    continue;
                };
                let mut other = (*order).clone();
                other.swap(at, at + 1);
                if orders.contains(&&other) {
                    found = self.run(completion, order)[step] != self.run(completion, &other)[step];
                }
            }
        });
        found
    }
}

fn place(scope: Scope) -> usize {
    usize::from(scope == THERE)
}
