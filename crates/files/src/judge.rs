//! Verdicts on what is about to happen, in every way in which what its file leaves open can be.

use alloc::boxed::Box;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use crate::account::Accounts;
use crate::called;
use crate::fault::{AccountError, Fault};
use crate::merge::{merge, possible};
use crate::run::{Assumption, Covering, Prepared, ReadRun, RunInput, RunText, Unset};
use kms_alias::{AliasTable, Rule, Warning};
use kms_alias_foresee::verdict::{
    Conclusion, Happening, Judgement, Judging, Knowledge, Need, Note, Outcome, Place, Possible,
};

/// As many ways are judged at most, and as many steps in all of them.
const MOST_WAYS: usize = 1_024;
const MOST_STEPS: usize = 64_000;

/// As many steps are read at most to find the ways.
const MOST_READ: usize = 128_000;

/// As much work may the judging of all ways be: see [`Bound::work`](kms_alias_foresee::verdict::Bound).
const MOST_WORK: u64 = 4_000_000;

/// Of a template that cannot be what it leaves open, in any way.
const REFUSED_IN_EACH_WAY: &str = "CloudFormation refuses the template whatever values its parameters have: a rule of it forbids them, something \
     refers to a resource that its condition leaves out, resources refer to each other in a circle, a function finds \
     nothing, or a logical ID changes its type; give values with `--parameter NAME=VALUE` and \
     `--deployed-parameter NAME=VALUE`, and the message will say which of these it is";

/// What may yet be done in other ways.
#[derive(Clone, Debug)]
struct Left {
    ways: usize,
    steps: usize,
    read: usize,
    work: u64,
    /// Whether a way was found that can be.
    is_possible: bool,
}

impl Default for Left {
    fn default() -> Self {
        Self {
            ways: MOST_WAYS,
            steps: MOST_STEPS,
            read: MOST_READ,
            work: MOST_WORK,
            is_possible: false,
        }
    }
}

/// Told of what each step does that succeeds or may succeed: see [`Happening`].
pub type Observer<'o> = dyn FnMut(usize, &AliasTable, Happening<'_>) + 'o;

/// What is about to happen, judged.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JudgedRun {
    /// What is about to happen. With several ways, the steps of all of them, each once with the
    /// request of the first way that has it; of the advice, what holds in one of them.
    pub read: ReadRun,
    /// The verdicts on the steps of [`read`](Self::read), and on all of them.
    pub judgement: Judgement,
    /// How many ways there are in which what the file leaves open can be, as far as steps depend on it;
    /// as many as are judged at most where they are more and the run of all their steps tells what is
    /// certain in each.
    pub ways: usize,
    /// The places of which something is known.
    pub places: Vec<Place>,
    /// What stands in the accounts before and is outside the rules for new aliases.
    pub warnings: Vec<Warning>,
    /// What is known of the accounts afterwards; nothing where there are several ways.
    pub afterwards: Vec<Knowledge>,
}

/// Reads what is about to happen, and judges it.
///
/// A file can leave open on what the steps themselves hang: whether two providers of a plan act in
/// one account, which of several keys a value is, whether a condition of a template holds, which of
/// its allowed values a parameter has. The steps are judged in each way in which that can be, and
/// the verdict on a step is `ok` or `refused` only if it is so in all of them.
///
/// ```
/// use kms_alias::Timestamp;
/// use kms_alias_files::{Accounts, File, Options, RunInput, judge_run};
/// use kms_alias_foresee::verdict::{Conclusion, Outcome};
///
/// let bytes = br#"{"Parameters": {"Env": {"Type": "String", "AllowedValues": ["dev", "aws/prod"]}},
///     "Resources": {"Key": {"Type": "AWS::KMS::Key"}, "A": {"Type": "AWS::KMS::Alias", "Properties": {
///         "AliasName": {"Fn::Sub": "alias/${Env}"}, "TargetKeyId": {"Ref": "Key"}}},
///         "B": {"Type": "AWS::KMS::Alias", "Properties": {
///         "AliasName": {"Fn::Sub": "alias/${Env}-old"}, "TargetKeyId": {"Ref": "Key"}}}}}"#;
/// let input = RunInput::new(File { name: "template.json", bytes }, Timestamp::from_millis(0));
/// let judged = judge_run(&input, Accounts::unknown(Options::default()))?;
/// assert_eq!((judged.ways, judged.judgement.conclusion), (2, Conclusion::Undecided));
/// assert!(matches!(judged.judgement.outcomes[0], Outcome::Undecided { .. })); // CreateAlias, A4
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
///
/// # Errors
/// As [`read_run`](crate::read_run).
pub fn judge_run(input: &RunInput<'_>, accounts: Accounts) -> Result<JudgedRun, AccountError> {
    judge_run_with(input, accounts, &mut |_, _, _| {})
}

/// As [`judge_run`]. The observer is told of what happens as by [`Judging::judge`]; of nothing where
/// there are several ways.
///
/// # Errors
/// As [`read_run`](crate::read_run).
pub fn judge_run_with(
    input: &RunInput<'_>,
    accounts: Accounts,
    observer: &mut Observer<'_>,
) -> Result<JudgedRun, AccountError> {
    judge_within(Left::default(), input, accounts, observer)
}

/// As [`judge_run_with`], in so many ways at most.
fn judge_within(
    left: Left,
    input: &RunInput<'_>,
    accounts: Accounts,
    observer: &mut Observer<'_>,
) -> Result<JudgedRun, AccountError> {
    let text = RunText::of(input)?;
    let document = text.document(input, accounts.options.place())?;
    let prepared = document.prepared();
    let mut own = accounts.clone();
    let read = prepared.read(input, &mut own)?;
    let mut judged = judge_read(left, read, &prepared, input, (accounts, own), observer)?;
    judged.read.sources = prepared.sources(input.file.name, &judged.read);
    Ok(judged)
}

/// Judges what was read, in each way in which it can be, in the accounts before and as reading left them.
fn judge_read(
    mut left: Left,
    read: ReadRun,
    prepared: &Prepared<'_, '_>,
    input: &RunInput<'_>,
    (accounts, own): (Accounts, Accounts),
    observer: &mut Observer<'_>,
) -> Result<JudgedRun, AccountError> {
    match &read.open {
        Some(open) => {
            match judge_ways(prepared, input, open, &accounts, &mut left)? {
                Ways::Judged(mut judged) => {
                    settle_by_options(&mut judged.judgement, &judged.read.unset);
                    Ok(*judged)
                }
                Ways::TooMany => {
                    let covering = read.covers.as_ref().filter(|_| left.is_possible);
                    Ok(match covering {
                        Some(covering) => judge_covering(&read, covering, &own),
                        // One way is judged, and nothing is certain of it.
                        None => read.judge(own, observer),
                    })
                }
                Ways::None => Err(AccountError::of_file(
                    input.file.name,
                    Fault::Json(REFUSED_IN_EACH_WAY.into()),
                )),
            }
        }
        None => Ok(read.judge(own, observer)),
    }
}

/// The verdicts on a run of whose steps each way has some: see [`Covering`].
fn judge_covering(read: &ReadRun, covering: &Covering, accounts: &Accounts) -> JudgedRun {
    let mut read = read.clone();
    let open = read.open.take();
    read.advice.retain(|it| !covering.advice.contains(it));
    let mut judged = read.judge(accounts.clone(), &mut |_, _, _| {});
    let judgement = &mut judged.judgement;
    judgement.conclusion = conclusion_of(judgement, covering);
    for (number, outcome) in judgement.outcomes.iter_mut().enumerate() {
        match outcome {
            Outcome::Ok => {}
            Outcome::Refused { .. } => {
                let condition = covering.conditions.get(&number);
                let step = judged.read.run.steps.get_mut(number);
                if let (Some(condition), Some(step)) = (condition, step) {
                    let words = format!(
                        "whether this step is taken at all depends on the condition `{condition}`"
                    );
                    step.notes.push(Note::new(words, Rule::ALL));
                }
            }
            // In ways that have fewer steps it may pass.
            Outcome::Undecided { .. } => {
                judgement.bound_reached = true;
                may_pass(outcome);
            }
        }
    }
    // What each way leaves is not one thing.
    let places = judged.read.run.steps.iter().map(|step| step.place);
    judgement.open.places.extend(places);
    judgement.open.places.sort_unstable();
    judgement.open.places.dedup();
    judged.afterwards.clear();
    judged.ways = MOST_WAYS;
    judged.read.open = open;
    judged
}

/// What is said of all ways: one more alias than a key takes may be one that a way does not have.
fn conclusion_of(judgement: &Judgement, covering: &Covering) -> Conclusion {
    let outcomes = || judgement.outcomes.iter().enumerate();
    let fails = |(number, it): (usize, &Outcome)| {
        matches!(it, Outcome::Refused { .. }) && !covering.conditions.contains_key(&number)
    };
    if outcomes().any(fails) {
        return Conclusion::Fails;
    }
    match judgement.conclusion {
        Conclusion::Passes if outcomes().all(|(_, it)| *it == Outcome::Ok) => Conclusion::Passes,
        _ => Conclusion::Undecided,
    }
}

/// Adds the options that would settle what is undecided.
fn settle_by_options(judgement: &mut Judgement, unset: &[Unset]) {
    let shown = |unset: &Unset| format!("${{{}}}", unset.label);
    let unset: Vec<_> = unset.iter().map(|unset| (unset, shown(unset))).collect();
    for outcome in &mut judgement.outcomes {
        let Outcome::Undecided { needs, settle, .. } = outcome else {
            continue;
        };
        for (Unset { label, option }, shown) in &unset {
            let depends_on = |need: &Need| match need {
                Need::Name { label: text } | Need::Key { key: text, .. } => {
                    text == label || text.contains(shown)
                }
                _ => false,
            };
            if needs.iter().any(depends_on) && !settle.contains(option) {
                settle.push(option.clone());
            }
        }
    }
}

/// What came of the ways in which something can be.
enum Ways {
    Judged(Box<JudgedRun>),
    /// It cannot be so in any of them.
    None,
    /// They are more than may be judged.
    TooMany,
}

/// Judges each way of what is open.
fn judge_ways(
    prepared: &Prepared<'_, '_>,
    input: &RunInput<'_>,
    open: &Assumption,
    accounts: &Accounts,
    left: &mut Left,
) -> Result<Ways, AccountError> {
    let mut judge = |holds: bool| {
        let mut input = input.clone();
        let open = open.clone();
        input.assumptions.push(Assumption { holds, ..open });
        let mut own = accounts.clone();
        let read = prepared.read(&input, &mut own)?;
        let Some(rest) = left.read.checked_sub(read.run.steps.len()) else {
            return Ok(Ways::TooMany);
        };
        left.read = rest;
        if read.is_impossible {
            return Ok(Ways::None);
        }
        if let Some(more) = &read.open {
            return judge_ways(prepared, &input, more, accounts, left);
        }
        if !left.take(read.run.steps.len()) {
            return Ok(Ways::TooMany);
        }
        left.is_possible = true;
        let judged = read.judge(own, &mut |_, _, _| {});
        left.work = left.work.saturating_sub(judged.judgement.work);
        Ok(Ways::Judged(Box::new(judged)))
    };
    let one = judge(true)?;
    if matches!(one, Ways::TooMany) {
        return Ok(one);
    }
    Ok(match (one, judge(false)?) {
        (_, Ways::TooMany) => Ways::TooMany,
        (Ways::Judged(one), Ways::Judged(other)) => {
            Ways::Judged(Box::new(merge(*one, *other, &open.need)))
        }
        (Ways::Judged(only), _) | (_, Ways::Judged(only)) => Ways::Judged(only),
        _ => Ways::None,
    })
}

impl Left {
    /// Takes one more way of so many steps; whether there is room for it.
    fn take(&mut self, steps: usize) -> bool {
        let room = self.ways.checked_sub(1).zip(self.steps.checked_sub(steps));
        let Some((ways, steps)) = room.filter(|_| self.work > 0) else {
            return false;
        };
        (self.ways, self.steps) = (ways, steps);
        true
    }
}

impl JudgedRun {
    /// What is said of the run as a whole: see [`ReadRun::conclusion`].
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        self.read.conclusion(&self.judgement)
    }
}

impl ReadRun {
    /// Judges what was read, in the accounts as [`read_run`](crate::read_run) left them. Where it tells that something
    /// is [`open`](Self::open) every verdict is undecided: [`judge_run`] is for that.
    ///
    /// ```
    /// use kms_alias::Timestamp;
    /// use kms_alias_files::{Accounts, File, Options, RunInput, read_run};
    ///
    /// let bytes = br#"{"DeleteAlias": {"AliasName": "alias/old"}}"#;
    /// let input = RunInput::new(File { name: "changes.json", bytes }, Timestamp::from_millis(0));
    /// let mut accounts = Accounts::unknown(Options::default());
    /// let read = read_run(&input, &mut accounts)?;
    /// assert_eq!(read.judge(accounts, &mut |_, _, _| {}).judgement.outcomes.len(), 1);
    /// # Ok::<(), kms_alias_files::AccountError>(())
    /// ```
    #[must_use]
    pub fn judge(self, accounts: Accounts, observer: &mut Observer<'_>) -> JudgedRun {
        let knowledge = accounts.into_knowledge();
        let tables = knowledge.iter().map(Knowledge::table);
        let warnings = tables.flat_map(AliasTable::warnings).collect();
        let mut judging = Judging::new(knowledge);
        let mut judgement = judging.judge(&self.run, observer);
        called::call(&mut judgement, &self.called);
        if self.open.is_some() {
            give_up(&mut judgement);
        }
        settle_by_options(&mut judgement, &self.unset);
        let afterwards = judging.into_knowledge();
        JudgedRun {
            judgement,
            ways: 1,
            places: afterwards.iter().map(Knowledge::place).collect(),
            warnings,
            afterwards,
            read: self,
        }
    }
}

/// Makes every verdict undecided: there are more ways than are tried.
fn give_up(judgement: &mut Judgement) {
    judgement.conclusion = Conclusion::Undecided;
    judgement.bound_reached = true;
    for outcome in &mut judgement.outcomes {
        *outcome = Outcome::Undecided {
            needs: vec![Need::BoundReached],
            could_be: possible(outcome),
            settle: Vec::new(),
        };
        may_pass(outcome);
    }
}

/// Says of what is undecided that it may pass in a way that is not tried.
fn may_pass(outcome: &mut Outcome) {
    let Outcome::Undecided {
        needs, could_be, ..
    } = outcome
    else {
        return;
    };
    if !could_be.contains(&Possible::Ok) {
        could_be.insert(0, Possible::Ok);
    }
    if !needs.contains(&Need::BoundReached) {
        needs.push(Need::BoundReached);
    }
}

#[cfg(test)]
#[path = "../tests/unit/covering.rs"]
mod covering;
