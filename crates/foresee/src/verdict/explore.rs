//! Every order of a block of steps, over every world.

use std::rc::Rc;

use hashbrown::HashMap;

use super::cell::{Cell, Example, PresentSet, Question};
use super::closed::Stands;
use super::engine::Engine;
use super::ledger::Home;
use super::set::SetIndex;
use super::strand::Strands;
use super::task::Asks;
use super::world::{Content, Event, KeyIndex, NameIndex, SmallMap, Trail, World};

/// Which steps of a block are done, by their place in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Done {
    first: u64,
    /// From the 65th step on: nearly no block has so many.
    others: Box<[u64]>,
}

impl Done {
    fn none(steps: usize) -> Self {
        let others = steps.div_ceil(64).saturating_sub(1);
        Self {
            first: 0,
            others: vec![0; others].into(),
        }
    }

    pub(super) fn has(&self, step: usize) -> bool {
        let word = match step.div_euclid(64).checked_sub(1) {
            None => self.first,
            Some(place) => self.others.get(place).copied().unwrap_or(0),
        };
        word >> step.rem_euclid(64) & 1 == 1
    }

    fn with(&self, step: usize) -> Self {
        let mut done = self.clone();
        let word = match step.div_euclid(64).checked_sub(1) {
            None => Some(&mut done.first),
            Some(place) => done.others.get_mut(place),
        };
        if let Some(word) = word {
            *word |= 1 << step.rem_euclid(64);
        }
        done
    }
}

/// A world in the middle of a block.
#[derive(Clone)]
pub(super) struct State {
    pub(super) done: Done,
    pub(super) world: World,
}

/// A block of steps: their indexes, and for each the places in the block of those before it.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    pub(super) steps: &'a [usize],
    pub(super) before: &'a [Vec<usize>],
}

/// An answer to a step, and a world in which it is given.
#[derive(Clone)]
pub(super) struct Witness {
    /// The step that was judged: another of its kind may stand for it.
    pub(super) step: usize,
    pub(super) example: Example,
    /// The ways in which each key can be before it.
    pub(super) keys: SmallMap<KeyIndex, SetIndex>,
    pub(super) trail: Trail,
    pub(super) seen: Sight,
}

/// What a step sees in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sight {
    pub(super) question: Question,
    pub(super) target: Option<KeyIndex>,
    pub(super) present: Option<KeyIndex>,
}

/// What was seen of a step of a block.
#[derive(Clone, Default)]
pub(super) struct Record {
    /// One witness for each answer.
    pub(super) witnesses: Vec<Witness>,
    /// What the step saw, as far as it is kept.
    pub(super) sights: Vec<Sight>,
}

/// So many sights of a step are kept to tell what it needs.
const SIGHTS: usize = 64;

impl Record {
    /// Adds what was seen of a step that is alike.
    pub(super) fn add(&mut self, other: &Self) {
        for seen in &other.sights {
            if self.sights.len() < SIGHTS && !self.sights.contains(seen) {
                self.sights.push(*seen);
            }
        }
        for witness in &other.witnesses {
            let answer = witness.example.answer;
            if self
                .witnesses
                .iter()
                .all(|known| known.example.answer != answer)
            {
                self.witnesses.push(witness.clone());
            }
        }
    }

    fn note(&mut self, state: &State, step: usize, seen: Sight, cells: &[Cell]) {
        if self.sights.len() < SIGHTS && !self.sights.contains(&seen) {
            self.sights.push(seen);
        }
        for example in cells.iter().flat_map(|cell| &cell.answers) {
            let known = |witness: &Witness| witness.example.answer == example.answer;
            if !self.witnesses.iter().any(known) {
                self.witnesses.push(Witness {
                    step,
                    example: *example,
                    keys: state.world.content.keys.clone(),
                    trail: state.world.trail,
                    seen,
                });
            }
        }
    }
}

/// How aliases ended that no step asks for any more.
pub(super) type Endings = HashMap<NameIndex, Vec<Option<KeyIndex>>>;

/// What came out of a block.
pub(super) struct Explored {
    pub(super) worlds: Vec<World>,
    pub(super) records: Vec<Record>,
    pub(super) endings: Endings,
    pub(super) strands: Strands,
}

impl Engine<'_, '_> {
    /// Judges a block of steps in every order that it allows, and goes on with what they leave.
    pub(super) fn judge_block(&mut self, steps: &[usize], before: &[Vec<usize>]) {
        self.read_ledger();
        self.begin_work();
        self.now = steps.first().map_or(0, |step| self.position(*step));
        self.ended.clear();
        let block = Block { steps, before };
        let worlds = self.gather(steps);
        let explored = worlds.and_then(|worlds| self.explore(block, worlds));
        let explored = explored.filter(|explored| {
            let costs = explored.worlds.iter().map(cost_of_settling);
            self.spend(costs.fold(0, usize::saturating_add)).is_some()
        });
        match explored {
            Some(explored) => {
                self.report(block, &explored);
                self.settle(explored);
            }
            None => self.give_up(steps),
        }
    }

    /// None if the bound is reached.
    fn explore(&mut self, block: Block<'_>, worlds: Vec<World>) -> Option<Explored> {
        let count = block.steps.len();
        self.spend(count.saturating_mul(count).div_euclid(64))?;
        let strands = Strands::of(self, block, &worlds);
        let ties = block.before.iter().map(Vec::len).sum::<usize>();
        let mut records = vec![Record::default(); block.steps.len()];
        let mut endings = Endings::new();
        let start = |world| State {
            done: Done::none(block.steps.len()),
            world,
        };
        let mut states: Vec<State> = worlds.into_iter().map(start).collect();
        for _ in block.steps {
            let mut next = Layer::default();
            for state in &states {
                self.spend(count.saturating_add(ties))?;
                for place in strands.to_try(block, state) {
                    self.step(
                        block,
                        state,
                        place,
                        &mut records,
                        &mut endings,
                        &strands,
                        &mut next,
                    )?;
                }
            }
            states = next.states;
        }
        strands.share(&mut records, &mut endings);
        Some(Explored {
            worlds: states.into_iter().map(|state| state.world).collect(),
            records,
            endings,
            strands,
        })
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the one place where all of them meet"
    )]
    fn step(
        &mut self,
        block: Block<'_>,
        state: &State,
        place: usize,
        records: &mut [Record],
        endings: &mut Endings,
        strands: &Strands,
        next: &mut Layer,
    ) -> Option<()> {
        let step = *block.steps.get(place)?;
        let content = &state.world.content;
        if self.has_wrong_shape(step) {
            let mut state = state.clone();
            state.done = state.done.with(place);
            next.put(strands.key(&state), state);
            return Some(());
        }
        let seen = self.sight(step, content)?;
        let cells = self.cells_of(step, seen);
        self.spend(block.steps.len().saturating_add(cost_of_a_copy(content)))?;
        if let Some(record) = records.get_mut(place) {
            record.note(state, step, seen, &cells);
        }
        let done = state.done.with(place);
        let trail = self.past.then(state.world.trail, Event::Step(step));
        for cell in cells.iter() {
            self.can_be_refused |= !cell.succeeds;
            let mut content = self.after(step, content, seen, cell);
            let trail = self.forget(strands, &done, step, &mut content, trail, endings);
            let world = World {
                content,
                is_clean: state.world.is_clean && cell.succeeds,
                trail,
            };
            let state = State {
                done: done.clone(),
                world,
            };
            next.put(strands.key(&state), state);
        }
        (next.states.len() <= self.bound.worlds).then_some(())
    }

    /// Whether a step is refused without a look at the account.
    pub(super) fn has_wrong_shape(&self, step: usize) -> bool {
        let asks = self.tasks.get(step).map(|task| &task.asks);
        matches!(asks, Some(Asks::Refused(_) | Asks::Never(_)))
    }

    /// What a step sees in a world.
    pub(super) fn sight(&mut self, step: usize, content: &Content) -> Option<Sight> {
        if self.makes_key(step) {
            return self.sight_of_making(step, content);
        }
        let ledger = self.ledger.as_ref()?;
        let (name, target) = (ledger.name_of_step(step), ledger.key_of_step(step));
        let present = name.and_then(|name| content.names.get(name)).flatten();
        let usage = target.and_then(|target| content.counts.get(target));
        let task = self.tasks.get(step)?;
        let settings = self.accounts.get(task.place)?.settings;
        let shape = match (&task.asks, self.last_shape) {
            (_, Some((of, shape))) if of == step => shape,
            (Asks::Operation(operation), _) => self.closed.shape(operation, settings),
            _ => self.closed.shape_of_nothing(),
        };
        self.last_shape = Some((step, shape));
        let question = Question {
            shape,
            target: target.map(|target| self.set_of(target, content)),
            present: match present {
                None => PresentSet::Free,
                Some(present) if Some(present) == target => PresentSet::OnTarget,
                Some(present) => PresentSet::On(self.set_of(present, content)),
            },
            // As long as there is room for one more, it does not matter for how many (rule T6).
            usage: usage
                .filter(|usage| name.is_some() && *usage >= settings.quota)
                .unwrap_or(0),
        };
        Some(Sight {
            question,
            target,
            present,
        })
    }

    /// The ways of a key in a world; one that is not followed is as it was at first.
    pub(super) fn set_of(&mut self, key: KeyIndex, content: &Content) -> SetIndex {
        if let Some(set) = content.keys.get(key) {
            return set;
        }
        let entry = self.key_entry(key).map(|entry| (entry.home, entry.first));
        match entry {
            Some((Home::Here(set), _)) | Some((_, Some(set))) => set,
            _ => self.set_in_account(key),
        }
    }

    pub(super) fn cells_of(&mut self, step: usize, seen: Sight) -> Rc<[Cell]> {
        if self.makes_key(step) {
            return self.making(step, seen);
        }
        self.cells
            .ask(&mut self.closed, &mut self.sets, seen.question)
    }

    /// Whether a step makes a key.
    pub(super) fn makes_key(&self, step: usize) -> bool {
        let asks = self.tasks.get(step).map(|task| &task.asks);
        matches!(asks, Some(Asks::Make(_)))
    }

    /// What a cell of a step leaves of a world.
    pub(super) fn after(
        &mut self,
        step: usize,
        content: &Content,
        seen: Sight,
        cell: &Cell,
    ) -> Content {
        let mut after = content.clone();
        for (key, set) in [(seen.target, cell.target), (seen.present, cell.present)] {
            if let (Some(key), Some(set)) = (key, set)
                && content.keys.get(key).is_some()
            {
                after.keys.set(key, set);
            }
        }
        let name = self
            .ledger
            .as_ref()
            .and_then(|ledger| ledger.name_of_step(step));
        let (Some(name), true) = (name, cell.succeeds) else {
            if cell.succeeds && self.deletes_key(step) {
                after
                    .names
                    .map_values(|on| on.filter(|on| Some(*on) != seen.target));
            }
            return after;
        };
        let stands = match cell.stands {
            Stands::Nowhere => None,
            Stands::OnTarget => seen.target,
            Stands::AsBefore => seen.present,
        };
        after.names.set(name, stands);
        if stands != seen.present {
            let counts = &mut after.counts;
            for (key, up) in [(seen.present, false), (stands, true)] {
                let Some((key, count)) = key.and_then(|key| Some((key, counts.get(key)?))) else {
                    continue;
                };
                let count = if up {
                    count.saturating_add(1)
                } else {
                    count.saturating_sub(1)
                };
                counts.set(key, count);
            }
        }
        after
    }

    /// Forgets what no later step can see, after a step.
    fn forget(
        &mut self,
        strands: &Strands,
        done: &Done,
        step: usize,
        content: &mut Content,
        trail: Trail,
        endings: &mut Endings,
    ) -> Trail {
        let name = self
            .ledger
            .as_ref()
            .and_then(|ledger| ledger.name_of_step(step));
        if let Some(name) = name.filter(|name| !strands.asks_for_name(*name, done)) {
            self.forget_name(name, content, endings);
        }
        let mut trail = trail;
        let keys: Vec<KeyIndex> = content.keys.keys().chain(content.counts.keys()).collect();
        for key in keys {
            if !strands.asks_for_key(key, done) {
                trail = self.forget_key(key, content, trail);
            }
        }
        trail
    }

    fn forget_name(&self, name: NameIndex, content: &mut Content, endings: &mut Endings) {
        let (Some(ledger), Some(ended)) = (&self.ledger, content.names.get(name)) else {
            return;
        };
        let later = ledger
            .name_entry(name)
            .is_some_and(|entry| entry.last > self.now);
        if later {
            return;
        }
        let known = endings.entry(name).or_default();
        if !known.contains(&ended) {
            known.push(ended);
        }
        content.names.remove(name);
    }

    fn forget_key(&mut self, key: KeyIndex, content: &mut Content, trail: Trail) -> Trail {
        if self
            .key_entry(key)
            .is_none_or(|entry| entry.last > self.now)
        {
            return trail;
        }
        content.counts.remove(key);
        // What became of a replica is told after the run.
        if self.is_replica(key) {
            return trail;
        }
        let stands = content.names.iter().any(|(_, on)| on == Some(key));
        match content.keys.get(key).filter(|_| !stands) {
            Some(set) if !self.has_alias_to_come(key) => {
                content.keys.remove(key);
                self.note_ended(key, set);
                self.past.then(trail, Event::Forgotten(key, set))
            }
            _ => trail,
        }
    }
}

/// What it costs to copy a world, and to look for what can be forgotten of it.
fn cost_of_a_copy(content: &Content) -> usize {
    let pairs = content.keys.len().saturating_mul(content.names.len());
    content.len().saturating_add(pairs.div_euclid(8))
}

/// What it costs to find what is the same in every world.
fn cost_of_settling(world: &World) -> usize {
    let names = world.content.names.len();
    let pairs = names.saturating_mul(names).div_euclid(16);
    world.content.len().saturating_add(pairs)
}

/// The states in which one more step is done.
#[derive(Default)]
struct Layer {
    states: Vec<State>,
    /// The keys of the first states.
    first: Vec<Vec<u64>>,
    /// The places of the others, by key.
    places: HashMap<Vec<u64>, usize>,
}

/// Among so many states one is found as fast without an index.
const FEW: usize = 8;

impl Layer {
    /// Puts a state in; one that is there already can be clean if either can.
    fn put(&mut self, key: Vec<u64>, state: State) {
        let next = self.states.len();
        let place = match self.first.iter().position(|known| *known == key) {
            Some(place) => place,
            None if next < FEW => {
                self.first.push(key);
                next
            }
            None => *self.places.entry(key).or_insert(next),
        };
        match self.states.get_mut(place) {
            Some(known) => known.world.is_clean |= state.world.is_clean,
            None => self.states.push(state),
        }
    }
}
