//! A step over sets of possibilities: the possibilities that share an answer go on together.

use std::rc::Rc;

use hashbrown::HashMap;

use super::closed::{AnswerIndex, Closed, Local, Present, Shape, Stands, View};
use super::kind::{KindIndex, NO_KEY};
use super::set::{SetIndex, Sets, Way};

/// What a step sees, where keys may be in many ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Question {
    pub(super) shape: Shape,
    /// The key that the operation names, if it names one.
    pub(super) target: Option<SetIndex>,
    pub(super) present: PresentSet,
    pub(super) usage: u32,
}

/// Where the alias of an operation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum PresentSet {
    Free,
    OnTarget,
    On(SetIndex),
}

/// Possibilities that leave the same account: all that succeed, or all that are refused.
///
/// Every way of the target and every way of the present key go together: a cell is a product.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) succeeds: bool,
    /// The answers, each with an example.
    pub(super) answers: Vec<Example>,
    pub(super) target: Option<SetIndex>,
    pub(super) present: Option<SetIndex>,
    pub(super) stands: Stands,
}

/// An answer, and a possibility in which it is given: the two keys as they are before the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Example {
    pub(super) answer: AnswerIndex,
    pub(super) target: Option<Way>,
    pub(super) present: Option<Way>,
}

/// Present keys that no step can tell apart, with what each way of the target then meets.
struct Row {
    present: Vec<Option<Way>>,
    locals: Vec<Option<Local>>,
}

/// The cells of every question that was asked.
#[derive(Default)]
pub(super) struct Cells {
    known: HashMap<Question, Rc<[Cell]>>,
}

impl Cells {
    pub(super) fn ask(
        &mut self,
        closed: &mut Closed,
        sets: &mut Sets,
        question: Question,
    ) -> Rc<[Cell]> {
        if let Some(cells) = self.known.get(&question) {
            return Rc::clone(cells);
        }
        let targets = target_ways(sets, question.target);
        let rows = rows(closed, sets, question, &targets);
        let mut cells = Vec::new();
        for row in &rows {
            cells.extend(cell(sets, question, &targets, row, true));
            cells.extend(cell(sets, question, &targets, row, false));
        }
        let cells: Rc<[Cell]> = cells.into();
        self.known.insert(question, Rc::clone(&cells));
        cells
    }
}

/// The ways of a target; one, of no key, where the operation names none.
fn target_ways(sets: &Sets, target: Option<SetIndex>) -> Vec<Way> {
    match target {
        Some(set) => sets.get(set).to_vec(),
        None => vec![Way::unchanged(NO_KEY)],
    }
}

/// The present keys, by what they mean to each way of the target.
fn rows(closed: &mut Closed, sets: &Sets, question: Question, targets: &[Way]) -> Vec<Row> {
    let groups = match question.present {
        PresentSet::Free => vec![(Present::Free, vec![None])],
        PresentSet::OnTarget => vec![(Present::OnTarget, vec![None])],
        PresentSet::On(set) => left_behind(closed, &sets.get(set)),
    };
    let mut rows: Vec<Row> = Vec::new();
    for (present, ways) in groups {
        let view = |target: &Way| View {
            shape: question.shape,
            target: target.now,
            present,
            usage: question.usage,
        };
        let locals: Vec<_> = targets.iter().map(|way| closed.local(view(way))).collect();
        match rows.iter_mut().find(|row| row.locals == locals) {
            Some(row) => row.present.extend(ways),
            None => rows.push(Row {
                present: ways,
                locals,
            }),
        }
    }
    rows
}

/// Present keys by what an alias keeps of them.
fn left_behind(closed: &mut Closed, ways: &[Way]) -> Vec<(Present, Vec<Option<Way>>)> {
    let mut groups: Vec<(KindIndex, Vec<Option<Way>>)> = Vec::new();
    for way in ways {
        let Some(kind) = closed.kinds.get(way.now) else {
            continue;
        };
        let kept = kind.left_behind();
        let kept = closed.kinds.index(kept);
        match groups.iter_mut().find(|(known, _)| *known == kept) {
            Some((_, group)) => group.push(Some(*way)),
            None => groups.push((kept, vec![Some(*way)])),
        }
    }
    let on = |(kept, ways)| (Present::On(kept), ways);
    groups.into_iter().map(on).collect()
}

/// The possibilities of a row that succeed, or those that are refused; none if there are none.
fn cell(
    sets: &mut Sets,
    question: Question,
    targets: &[Way],
    row: &Row,
    succeeds: bool,
) -> Option<Cell> {
    let mut after = Vec::new();
    let mut answers: Vec<Example> = Vec::new();
    let mut stands = Stands::AsBefore;
    for (way, local) in targets.iter().zip(&row.locals) {
        let Some(local) = local.filter(|local| local.answer.is_ok() == succeeds) else {
            continue;
        };
        after.push(Way {
            now: local.target,
            ..*way
        });
        stands = local.stands;
        if answers.iter().all(|known| known.answer != local.answer) {
            answers.push(Example {
                answer: local.answer,
                target: question.target.map(|_| *way),
                present: row.present.first().copied().flatten(),
            });
        }
    }
    if after.is_empty() {
        return None;
    }
    let present: Vec<Way> = row.present.iter().filter_map(|way| *way).collect();
    Some(Cell {
        succeeds,
        answers,
        target: question.target.map(|_| sets.index(after)),
        present: (!present.is_empty()).then(|| sets.index(present)),
        stands,
    })
}
