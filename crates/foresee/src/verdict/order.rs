//! The order of a plan: blocks of steps that contend, in an order in which they can be judged.
//!
//! Steps contend if they share an alias, a key whose state changes, or a key whose quota could
//! fill. Other steps leave each other alone, so that only orders within a block matter. Blocks
//! between which the order goes to and fro are one block.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::engine::Engine;
use super::run::Run;
use super::strand::{root, unite};
use super::task::{Asks, Make};
use super::world::{KeyIndex, NameIndex};

/// A block: its steps, and for each the places in the block of those that come right before it.
pub(super) type Contending = (Vec<usize>, Vec<Vec<usize>>);

/// Which steps come right before and after each step, without circles.
struct Graph {
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    /// The steps, each after those that come before it.
    sorted: Vec<usize>,
}

impl Graph {
    fn of(run: &Run) -> Self {
        let count = run.steps.len();
        let mut waits_for: Vec<BTreeSet<usize>> = Vec::with_capacity(count);
        let mut followers: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (step, said) in run.steps.iter().enumerate() {
            let known = said.after.iter().copied();
            let before: BTreeSet<_> = known
                .filter(|other| *other < count && *other != step)
                .collect();
            for other in &before {
                if let Some(followers) = followers.get_mut(*other) {
                    followers.push(step);
                }
            }
            waits_for.push(before);
        }
        Self::sort(waits_for, &followers)
    }

    /// Sorts the steps. Where a circle leaves none ready, the first that is left goes on, and what
    /// it would have waited for binds nothing.
    fn sort(mut waits_for: Vec<BTreeSet<usize>>, followers: &[Vec<usize>]) -> Self {
        let count = waits_for.len();
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut after = before.clone();
        let mut sorted = Vec::with_capacity(count);
        let mut left: BTreeSet<usize> = (0..count).collect();
        let is_free = |step: &usize| waits_for.get(*step).is_some_and(BTreeSet::is_empty);
        let mut ready: BTreeSet<usize> = (0..count).filter(is_free).collect();
        while let Some(step) = ready.pop_first().or_else(|| left.first().copied()) {
            left.remove(&step);
            sorted.push(step);
            for follower in followers.get(step).into_iter().flatten().copied() {
                if !left.contains(&follower) {
                    continue;
                }
                if let Some(before) = before.get_mut(follower) {
                    before.push(step);
                }
                if let Some(after) = after.get_mut(step) {
                    after.push(follower);
                }
                if let Some(waits_for) = waits_for.get_mut(follower) {
                    waits_for.remove(&step);
                    if waits_for.is_empty() {
                        ready.insert(follower);
                    }
                }
            }
        }
        Self {
            before,
            after,
            sorted,
        }
    }

    /// The steps that certainly come after a step.
    fn all_after(&self, step: usize) -> Vec<bool> {
        let mut found = vec![false; self.after.len()];
        let mut open = vec![step];
        while let Some(step) = open.pop() {
            for next in self.after.get(step).into_iter().flatten().copied() {
                if let Some(found) = found.get_mut(next).filter(|found| !**found) {
                    *found = true;
                    open.push(next);
                }
            }
        }
        found
    }
}

impl Engine<'_, '_> {
    /// The blocks of a plan, in an order in which they can be judged.
    pub(super) fn blocks(&mut self, run: &Run) -> Vec<Contending> {
        let graph = Graph::of(run);
        self.find_keys_made_in_between(&graph);
        self.read_ledger();
        let groups = self.groups();
        let nodes = nodes(&graph, &groups);
        let blocks = contract(&graph, &nodes);
        self.positions = vec![0; run.steps.len()];
        for (position, (steps, _)) in blocks.iter().enumerate() {
            for step in steps {
                if let Some(known) = self.positions.get_mut(*step) {
                    *known = position.saturating_add(1);
                }
            }
        }
        // It is read again, now that it is known when each step is judged.
        self.ledger = None;
        blocks
    }

    /// Keys that are asked for by steps which may come before they are made.
    fn find_keys_made_in_between(&mut self, graph: &Graph) {
        let makes = self.tasks.iter().enumerate().filter_map(|(step, task)| {
            let key_id = match &task.asks {
                Asks::Make(Make::New { key_id, .. }) => *key_id,
                Asks::Make(Make::Replica(replica)) => replica.key_id?,
                _ => return None,
            };
            Some((step, task.place, key_id))
        });
        let makes: Vec<_> = makes.collect();
        if makes.is_empty() {
            return;
        }
        let mut asking: HashMap<_, Vec<usize>> = HashMap::new();
        for (step, task) in self.tasks.iter().enumerate() {
            if let Some(named) = task.asks_for() {
                asking.entry(named).or_default().push(step);
            }
        }
        for (step, place, key_id) in makes {
            let asking = asking
                .get(&(place, key_id))
                .map(Vec::as_slice)
                .unwrap_or_default();
            if asking.is_empty() {
                continue;
            }
            let after = graph.all_after(step);
            if !asking.iter().all(|step| after.get(*step) == Some(&true)) {
                self.made_in_between.insert((place, key_id));
            }
        }
    }

    /// The group of each step: those of one group contend.
    fn groups(&mut self) -> Vec<usize> {
        let mut groups: Vec<usize> = (0..self.tasks.len()).collect();
        let (steps_of_name, steps_of_key) = self.mentions();
        for steps in steps_of_name.values().chain(steps_of_key.values()) {
            // A key is shared only where its state changes or its quota matters: see `mentions`.
            for pair in steps.windows(2) {
                if let [one, other] = pair {
                    unite(&mut groups, *one, *other);
                }
            }
        }
        (0..groups.len())
            .map(|step| root(&mut groups, step))
            .collect()
    }

    /// Whether a step makes a key before any other step can ask for it, or a replica, whose primary it
    /// names.
    fn only_makes(&self, step: usize) -> bool {
        self.tasks.get(step).is_some_and(|task| match &task.asks {
            Asks::Make(Make::New { key_id, .. }) => {
                !self.made_in_between.contains(&(task.place, *key_id))
            }
            Asks::Make(Make::Replica(_)) => true,
            _ => false,
        })
    }

    /// The steps that mention each name, and those that see a key's state or quota change.
    fn mentions(
        &mut self,
    ) -> (
        HashMap<NameIndex, Vec<usize>>,
        HashMap<KeyIndex, Vec<usize>>,
    ) {
        let mut of_name: HashMap<NameIndex, Vec<usize>> = HashMap::new();
        let mut of_key: HashMap<KeyIndex, Vec<usize>> = HashMap::new();
        let mut stands: HashMap<NameIndex, BTreeSet<KeyIndex>> = HashMap::new();
        let mut deleted: BTreeSet<KeyIndex> = BTreeSet::new();
        for step in 0..self.tasks.len() {
            let Some(ledger) = &self.ledger else {
                continue;
            };
            let (name, key) = (ledger.name_of_step(step), ledger.key_of_step(step));
            if let Some(made) = ledger.replica_of_step(step)
                && ledger.key_entry(made).is_some_and(|entry| entry.changes)
            {
                of_key.entry(made).or_default().push(step);
            }
            if let Some(name) = name {
                of_name.entry(name).or_default().push(step);
                stands.entry(name).or_default().extend(key);
            }
            if let Some(key) = key {
                if self.deletes_key(step) {
                    deleted.insert(key);
                }
                let changes = self.key_entry(key).is_some_and(|entry| entry.changes);
                // A key that is made before all who ask for it is there: to make it changes nothing.
                let only_makes = self.only_makes(step);
                if changes || (!only_makes && self.quota_matters(key)) {
                    of_key.entry(key).or_default().push(step);
                }
            }
        }
        for (name, steps) in &of_name {
            let mut keys = stands.remove(name).unwrap_or_default();
            keys.extend(self.stands_on_in_account(*name));
            for key in keys {
                if deleted.contains(&key) || self.quota_matters(key) {
                    of_key.entry(key).or_default().extend(steps);
                }
            }
        }
        (of_name, of_key)
    }
}

/// The node of each step: a group, or the step alone where its group has one order.
fn nodes(graph: &Graph, groups: &[usize]) -> Vec<usize> {
    let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
    for step in &graph.sorted {
        let group = groups.get(*step).copied().unwrap_or(*step);
        members.entry(group).or_default().push(*step);
    }
    let mut nodes: Vec<usize> = (0..groups.len()).collect();
    for steps in members.values() {
        if steps.len() < 2 || has_one_order(graph, steps) {
            continue;
        }
        let first = steps.iter().copied().min().unwrap_or(0);
        for step in steps {
            if let Some(node) = nodes.get_mut(*step) {
                *node = first;
            }
        }
    }
    nodes
}

/// Whether steps, which are sorted, come one after the other.
fn has_one_order(graph: &Graph, steps: &[usize]) -> bool {
    steps.windows(2).all(|pair| match pair {
        [one, other] => {
            let direct = graph
                .before
                .get(*other)
                .is_some_and(|before| before.contains(one));
            direct || graph.all_after(*one).get(*other) == Some(&true)
        }
        _ => true,
    })
}

/// Makes one block of nodes between which the order goes to and fro, and sorts the blocks.
fn contract(graph: &Graph, nodes: &[usize]) -> Vec<Contending> {
    let node = |step: usize| nodes.get(step).copied().unwrap_or(step);
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut before = after.clone();
    for step in graph.sorted.iter().copied() {
        for next in graph.after.get(step).into_iter().flatten().copied() {
            let (from, to) = (node(step), node(next));
            if from != to {
                if let Some(after) = after.get_mut(from) {
                    after.push(to);
                }
                if let Some(before) = before.get_mut(to) {
                    before.push(from);
                }
            }
        }
    }
    let mut block_of: Vec<Option<usize>> = vec![None; nodes.len()];
    let mut count = 0_usize;
    let finished = finished(&graph.sorted, node, &after);
    for first in finished.into_iter().rev() {
        let mut open = vec![first];
        let mut is_new = false;
        while let Some(at) = open.pop() {
            if let Some(block) = block_of.get_mut(at).filter(|block| block.is_none()) {
                *block = Some(count);
                is_new = true;
                open.extend(before.get(at).into_iter().flatten());
            }
        }
        count = count.saturating_add(usize::from(is_new));
    }
    let mut blocks: Vec<Contending> = vec![Contending::default(); count];
    let block = |step: usize| block_of.get(node(step)).copied().flatten();
    for step in graph.sorted.iter().copied() {
        let Some((steps, befores)) = block(step).and_then(|block| blocks.get_mut(block)) else {
            continue;
        };
        let place = |other: &usize| steps.iter().position(|known| known == other);
        let known = graph.before.get(step).into_iter().flatten();
        let places = known
            .filter(|other| block(**other) == block(step))
            .filter_map(place);
        befores.push(places.collect());
        steps.push(step);
    }
    blocks
}

/// The nodes in the order in which a walk along the order leaves them (Kosaraju's algorithm).
fn finished(sorted: &[usize], node: impl Fn(usize) -> usize, after: &[Vec<usize>]) -> Vec<usize> {
    let mut seen = vec![false; after.len()];
    let mut finished = Vec::new();
    for step in sorted.iter().rev() {
        let mut open = vec![(node(*step), 0_usize)];
        while let Some((at, next)) = open.pop() {
            if next == 0 && core::mem::replace(seen.get_mut(at).unwrap_or(&mut true), true) {
                continue;
            }
            match after.get(at).and_then(|after| after.get(next)) {
                Some(to) => {
                    open.push((at, next.saturating_add(1)));
                    open.push((*to, 0));
                }
                None => finished.push(at),
            }
        }
    }
    finished
}
