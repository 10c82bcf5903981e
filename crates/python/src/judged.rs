//! What is asked of `check`, and what is said: of each step, and of all of it.

use kms_alias::Timestamp;
use kms_alias_files::{
    AccountError, Accounts, Advice, JudgedRun, Kind, Options, ReadRun, RunInput, judge_run,
    read_account, read_run,
};
use kms_alias_foresee::verdict::{Conclusion, Judgement, Outcome, Place};

use crate::documents::Documents;

/// Values of parameters, by name.
pub(crate) type Parameters = Vec<(Box<str>, Box<str>)>;

/// What is judged.
pub(crate) struct Asked {
    pub(crate) at: Timestamp,
    pub(crate) account: Documents,
    pub(crate) changes: Documents,
    pub(crate) deployed: Option<Documents>,
    pub(crate) parameters: Parameters,
    pub(crate) deployed_parameters: Parameters,
    pub(crate) templates: Documents,
    pub(crate) deployed_templates: Documents,
}

/// A step that is shown, and its verdict.
pub(crate) struct Shown {
    pub(crate) number: usize,
    pub(crate) address: Option<Box<str>>,
    pub(crate) scope: Option<String>,
    pub(crate) operation: String,
    pub(crate) outcome: Outcome,
    pub(crate) notes: Vec<Box<str>>,
}

/// What else is to be said: the rule, the words, and the step that it is about.
pub(crate) type Warned = (Option<&'static str>, String, Option<String>);

/// The steps, what is said of all of them, and what else is to be said.
pub(crate) struct Judged {
    pub(crate) steps: Vec<Shown>,
    pub(crate) conclusion: Conclusion,
    pub(crate) warnings: Vec<Warned>,
}

impl Asked {
    pub(crate) fn judge(&self, options: Options) -> Result<Judged, AccountError> {
        let account = self.account.files();
        let mut accounts = if account.is_empty() {
            Accounts::unknown(options)
        } else {
            read_account(&account, options)?
        };
        let advice = accounts.advice().to_vec();
        let input = self.input();
        let kind = kms_alias_files::recognise(input.file.bytes);
        if matches!(
            kind,
            Kind::CloudFormation | Kind::CdkManifest | Kind::TerraformPlan
        ) {
            let judged = judge_run(&input, accounts)?;
            let several = judged.places.iter().filter_map(Place::scope).count() > 1;
            return Ok(Judged::of(judged, several, &advice));
        }
        let mut read = read_run(&input, &mut accounts)?;
        let scopes = accounts.iter().filter_map(|(place, _)| place.scope());
        let scopes: Vec<_> = scopes.collect();
        read.over_places(&accounts, &scopes);
        let judged = read.judge(accounts, &mut |_, _, _| {});
        Ok(Judged::of(judged, scopes.len() > 1, &advice))
    }

    /// What is about to happen, and what was handed in beside it.
    fn input(&self) -> RunInput<'_> {
        let mut input = RunInput::new(self.changes.file(), self.at);
        input.deployed = self.deployed.as_ref().map(Documents::file);
        input.parameters.clone_from(&self.parameters);
        input
            .deployed_parameters
            .clone_from(&self.deployed_parameters);
        input.templates = self.templates.files();
        input.deployed_templates = self.deployed_templates.files();
        input
    }
}

impl Judged {
    /// The verdicts on a run, and the advice on the account.
    fn of(run: JudgedRun, several: bool, advice: &[Advice]) -> Self {
        let conclusion = run.conclusion();
        let JudgedRun {
            read, judgement, ..
        } = run;
        let advice = advice.iter().chain(read.advice_on(&judgement));
        let warnings = advice.map(|advice| {
            let address = advice.address.as_deref().map(str::to_owned);
            (
                Some(advice.rule.number()),
                advice.words.to_string(),
                address,
            )
        });
        let mut judged = Self {
            conclusion,
            warnings: warnings.collect(),
            steps: Vec::new(),
        };
        judged.warn_of_the_unknown(&judgement.assumed_free);
        judged.warn_of_replicas(&read.assumed_replicable);
        if judgement.bound_reached {
            judged.warn_of_the_bound();
        }
        judged.steps = shown(read, judgement, several);
        judged.warn_of_what_fails();
        judged
    }

    fn warn_of_the_unknown(&mut self, assumed_free: &[Place]) {
        if assumed_free.is_empty() {
            return;
        }
        let places: Vec<_> = assumed_free.iter().map(ToString::to_string).collect();
        let words = format!(
            "no complete list of aliases of {}: names that nothing mentions are assumed to be free, and \
             quotas not to be full",
            places.join(", ")
        );
        self.warnings.push((Some("H6"), words, None));
    }

    fn warn_of_replicas(&mut self, assumed_replicable: &[Place]) {
        if assumed_replicable.is_empty() {
            return;
        }
        let places: Vec<_> = assumed_replicable.iter().map(ToString::to_string).collect();
        let words = format!(
            "replicas in {}: one that nothing mentions is assumed not to exist yet, and a primary key that nothing \
             mentions to be one that can have replicas",
            places.join(", ")
        );
        self.warnings.push((Some("H6"), words, None));
    }

    fn warn_of_the_bound(&mut self) {
        let words = "there are more possibilities than are tried: some step is undecided for that alone; what leaves less open \
             decides it: accounts, values in place of what is not known, or a part of the changes at a time";
        let warning = (None, words.to_owned(), None);
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Where no single step is the one that is refused.
    fn warn_of_what_fails(&mut self) {
        let is_refused = |step: &Shown| matches!(step.outcome, Outcome::Refused { .. });
        // CloudFormation's own refusal is told, and is none of a step (rule F9).
        let is_told = self.warnings.iter().any(|(rule, ..)| *rule == Some("F9"));
        if self.conclusion == Conclusion::Fails && !is_told && !self.steps.iter().any(is_refused) {
            let words = "in every order and whatever the unknown is some step is refused, though it \
                         is not always the same one";
            self.warnings.push((None, words.to_owned(), None));
        }
    }
}

/// The steps that are shown. Where a run fails for want of room no single step is refused, and all
/// are shown.
fn shown(read: ReadRun, judgement: Judgement, several: bool) -> Vec<Shown> {
    let fails = judgement.conclusion == Conclusion::Fails;
    let is_shown: Vec<bool> = (read.run.steps.iter().zip(&judgement.outcomes))
        .map(|(step, outcome)| {
            let all = fails && matches!(outcome, Outcome::Undecided { .. });
            all || read.is_listed(step, outcome)
        })
        .collect();
    let steps = read.run.steps.into_iter().zip(judgement.outcomes);
    let steps = steps.enumerate().zip(is_shown);
    let shown = steps.filter(|(_, is_shown)| *is_shown);
    shown
        .map(|((index, (step, outcome)), _)| Shown {
            number: index.saturating_add(1),
            scope: several.then(|| step.place.to_string()),
            operation: step.request.operation().to_owned(),
            address: step.address,
            notes: {
                let fitting = step.notes.into_iter().filter(|note| note.fits(&outcome));
                fitting.map(|note| note.words).collect()
            },
            outcome,
        })
        .collect()
}
