//! The oracle: every completion and every order, through closed tables alone.

use std::collections::BTreeSet;

use kms_alias::{
    AliasListEntry, AliasTable, KeyArn, KeyId, KeyManager, KeyMetadata, KeyState, MultiRegionRole,
    Origin, Refusal, Scope, Snapshot,
};
use kms_alias_foresee::verdict::{Answer, Conclusion, Fact, KeyFacts, Need, Possible};

use super::completions::{completions, differences, fits, made, refusals};
use super::world::{AT, Ask, Key, SCOPE, SmallWorld, THERE, name, oracle_id, shown};

/// What each key is, by its place in the world's list.
type Completion = Vec<Option<KeyMetadata>>;

/// Which other key of the list each key is that has no ID: it may be any.
type Identities = Vec<Option<usize>>;

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
            Key::Made(facts) => ways.iter().all(Option::is_none) && is_possible(facts),
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
                        && let Key::Made(facts) = self.world.keys[of].inner()
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
                    if let (Key::Made(facts), None) = (self.world.keys[of].inner(), &completion[of])
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
                Key::Made(_) => false,
                Key::Label(..) => !is_another,
                _ => true,
            };
            if is_there {
                parts.keys.extend(is.clone());
            }
        }
        for (number, on) in self.world.stands.iter().enumerate() {
            if let Some(on) = on.filter(|on| self.world.keys[*on].scope() == scope) {
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

    /// Whether it hangs on a fact that is not known whether CreateKey makes a key.
    fn is_asked_for(&self, number: usize, fact: Fact) -> bool {
        let Key::Made(facts) = self.world.keys[number].inner() else {
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
                let is_made = matches!(self.world.keys[number].inner(), Key::Made(_));
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

/// Every way in which keys that have no ID are other keys.
///
/// A key whose state steps change is taken to be none that another value names, unless a quota could
/// be full for it (ours).
fn identities(world: &SmallWorld) -> Vec<Identities> {
    let targeted = |number: usize| {
        let named = world
            .steps
            .iter()
            .filter(|ask| ask.target() == Some(number));
        named.count()
    };
    let is_label = |number: usize| matches!(world.keys[number], Key::Label(..));
    let count = world.keys.len();
    let unknown: usize = (0..count)
        .filter(|number| is_label(*number))
        .map(targeted)
        .sum();
    let could_fill = |number: usize| {
        let stands = world
            .stands
            .iter()
            .filter(|on| **on == Some(number))
            .count();
        let own = if is_label(number) {
            0
        } else {
            targeted(number)
        };
        stands + own + unknown > usize::try_from(world.quota).expect("a small quota")
    };
    let is_changed = |number: usize| {
        let changes = |ask: &Ask| ask.target().is_none() && ask.key() == Some(number);
        let made = |ask: &Ask| matches!(ask, Ask::Make(_));
        world.steps.iter().any(|ask| changes(ask) && !made(ask))
    };
    let mut all = vec![Identities::new()];
    for number in 0..count {
        let mut others = vec![None];
        if is_label(number) && targeted(number) > 0 {
            let may_be = |other: &usize| {
                let key = &world.keys[*other];
                let can_be = key.scope() == SCOPE && !matches!(key, Key::Replica { .. });
                let comes_first = !is_label(*other) || (*other < number && targeted(*other) > 0);
                let is_followed = !is_changed(number) && !is_changed(*other);
                *other != number && can_be && comes_first && (is_followed || could_fill(*other))
            };
            others.extend((0..count).filter(may_be).map(Some));
        }
        let longer = all.iter().flat_map(|known| {
            others.iter().map(|other| {
                let mut longer = known.clone();
                longer.push(*other);
                longer
            })
        });
        all = longer.collect();
    }
    // The first of those that are the same stands for all.
    all.retain(|identities| {
        let first = |other: &usize| identities[*other].is_none();
        identities.iter().flatten().all(first)
    });
    all
}

/// The ID of a key that has none, if it is a multi-Region key.
fn multi_region(world: &SmallWorld, number: usize) -> KeyId {
    KeyId::new(*oracle_id(world, number).as_bytes(), true)
}

fn place(scope: Scope) -> usize {
    usize::from(scope == THERE)
}

/// The ways in which a key can be: of a replica what can stand under its ID before it is made.
fn ways(world: &SmallWorld, number: usize) -> Vec<Option<KeyMetadata>> {
    let key = &world.keys[number];
    let own = KeyArn::new(key.scope(), oracle_id(world, number));
    let other = KeyArn::new(key.scope(), multi_region(world, number));
    let undescribed = |facts: &KeyFacts| {
        if !facts.exists && world.keys_complete {
            return vec![None];
        }
        completions(own, facts, !facts.exists)
    };
    match key.inner() {
        Key::Described(key) => vec![Some(key.clone())],
        Key::Undescribed(_, facts) => {
            let mut facts = *facts;
            if world.stands.contains(&Some(number)) {
                facts = facts.or(KeyFacts::customer_managed());
            }
            undescribed(&facts)
        }
        Key::Label(_, facts) => {
            let mut keys = completions(own, facts, !facts.exists);
            keys.extend(completions(other, facts, false));
            keys
        }
        Key::Made(facts) => {
            let mut keys = made(own, facts);
            keys.extend(made(other, facts));
            let may_fail = keys.contains(&None);
            keys.retain(Option::is_some);
            keys.extend(may_fail.then_some(None));
            keys
        }
        Key::Replica { .. } if shown(world, number).is_some() => vec![None],
        // What stands under the ID is said of the first.
        Key::Replica { primary, .. } if is_second(world, *primary, number) => vec![None],
        Key::Replica {
            primary, before, ..
        } => match told_by(&world.keys[*primary], key.scope()) {
            Some(true) => completions(own, &before.or(KeyFacts::customer_managed()), false),
            Some(false) if !before.exists => vec![None],
            None if !before.exists && world.assumes_absent => vec![None],
            _ => undescribed(before),
        },
        Key::There(_) => unreachable!("no key is there twice"),
    }
}

/// Whether another replica of a primary key comes before this one in the list of keys.
fn is_second(world: &SmallWorld, primary: usize, number: usize) -> bool {
    let before = world.keys.iter().take(number);
    let same = |key: &Key| matches!(key, Key::Replica { primary: other, .. } if *other == primary);
    before.into_iter().any(same)
}

/// Whether a described primary key has a replica in a Region.
fn told_by(primary: &Key, scope: Scope) -> Option<bool> {
    let Key::Described(primary) = primary.inner() else {
        return None;
    };
    let Some(MultiRegionRole::Primary { replicas }) = primary.multi_region_role() else {
        return None;
    };
    let regions = &primary.details().replica_regions;
    let are_all = usize::try_from(replicas) == Ok(regions.len());
    match regions.contains(&scope.region()) {
        true => Some(true),
        false => are_all.then_some(false),
    }
}

/// A replica as it is when it is made.
fn replica_of(primary: &KeyMetadata, arn: KeyArn, facts: &KeyFacts) -> KeyMetadata {
    let key = KeyMetadata::builder(arn)
        .spec(primary.spec())
        .usage(primary.usage())
        .origin(primary.origin())
        .multi_region_role(MultiRegionRole::Replica);
    let first = match (primary.origin(), facts.enabled) {
        (Origin::External, _) => KeyState::PendingImport,
        (_, Some(false)) => KeyState::Disabled,
        _ => KeyState::Enabled,
    };
    let said = facts
        .state
        .and_then(|state| key.clone().state(state).build().ok());
    said.unwrap_or_else(|| key.state(first).build().expect("a key"))
}

/// Whether CreateKey can make a key of which so much is known.
fn is_possible(facts: &KeyFacts) -> bool {
    let mut facts = *facts;
    (facts.state, facts.enabled) = (None, None);
    let any = |multi_region| {
        let arn = KeyArn::new(SCOPE, KeyId::new([1; 16], multi_region));
        made(arn, &facts).iter().any(Option::is_some)
    };
    any(false) || any(true)
}

/// Whether a fact is among the least differences between two ways that lead to two outcomes.
fn separates(keys: &[Option<KeyMetadata>], outcomes: &[Possible], fact: Fact) -> bool {
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
