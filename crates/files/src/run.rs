//! What is about to happen, from every form in which people have it.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use crate::called::Called;
use crate::changes::{Step, read_changes};
use crate::cloudformation::{self, placed};
use crate::elsewhere;
use crate::fault::{AccountError, Fault};
use crate::file::File;
use crate::outdated;
use crate::recognise::{self, Kind};
use crate::replicas;
use crate::spread::{self, named_scope};
use crate::terraform;
use crate::text;
use kms_alias::{Scope, Timestamp};
use kms_alias_foresee::verdict::{
    Conclusion, Judgement, Need, Order, Outcome, Place, Request, Run, RunStep,
};

/// What is about to happen, and what was handed in beside it.
///
/// ```
/// use kms_alias::Timestamp;
/// use kms_alias_files::{File, RunInput};
///
/// let bytes = br#"{"DeleteAlias": {"AliasName": "alias/old"}}"#;
/// let input = RunInput::new(File { name: "changes.json", bytes }, Timestamp::from_millis(0));
/// assert!(input.deployed.is_none() && input.parameters.is_empty());
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RunInput<'a> {
    /// A list of changes, a plan, a template, or the manifest of a CDK assembly.
    pub file: File<'a>,
    /// When it happens.
    pub at: Timestamp,
    /// The template that is running, where a template is to follow it.
    pub deployed: Option<File<'a>>,
    /// Values of the template's parameters, by name.
    pub parameters: Vec<(Box<str>, Box<str>)>,
    /// Values of the parameters of what is running. What is given for the new template alone may
    /// have had another value in the running one: there it is not known. A parameter that is given
    /// for neither has its default in both, or the same unknown value (ours).
    pub deployed_parameters: Vec<(Box<str>, Box<str>)>,
    /// The templates of a CDK assembly, by the names that its manifest has for them, and those of nested stacks:
    /// see [`nested_templates`](crate::nested_templates).
    pub templates: Vec<File<'a>>,
    /// The templates that are running of a CDK assembly's stacks and of nested stacks, by the same names, or
    /// by their paths from the folder of [`deployed`](Self::deployed). Of an assembly the running manifest
    /// (`manifest.json`) and those of its stages may be here too: they say which stacks run, and where.
    pub deployed_templates: Vec<File<'a>>,
    /// What is assumed of conditions that are not known: [`ReadRun::open`] says what to assume.
    pub assumptions: Vec<Assumption>,
}

/// A run, what else is to be said of it, and what is to be assumed for it to be exact.
pub(crate) struct Planned {
    pub(crate) run: Run,
    pub(crate) advice: Vec<Advice>,
    pub(crate) open: Option<Assumption>,
    /// Where the run covers each way in which what is open can be.
    pub(crate) covers: Option<Covering>,
    pub(crate) unset: Vec<Unset>,
    /// Whether it cannot be what is assumed.
    pub(crate) is_impossible: bool,
    pub(crate) called: Called,
}

/// Of a run of which each way has some of the steps and no others, in an order that they may have here
/// too: so what is certain of a step here is certain of it in each way that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Covering {
    /// What is said only because the ways are not told apart.
    pub(crate) advice: Vec<Advice>,
    /// The conditions that are not known, each by the number of a step that is taken if it holds.
    pub(crate) conditions: BTreeMap<usize, Box<str>>,
}

/// A value that nobody gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unset {
    /// What it is called where something depends on it.
    pub(crate) label: Box<str>,
    /// The option that gives it.
    pub(crate) option: Box<str>,
}

/// Whether two values of a template are equal, or whether two providers of a plan act in one account
/// or Region, where that is not known.
///
/// Whether a resource exists, or what stands where it is, can depend on it. A run is judged exactly by judging it
/// under each assumption that [`ReadRun::open`] tells, as it holds and as it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// The value that is not known, as it is shown; or the condition, if it is not understood.
    pub value: Box<str>,
    /// What it is compared with.
    pub compared_with: Box<str>,
    /// Whether it is assumed that they are equal.
    pub holds: bool,
    /// What a verdict needs that depends on it.
    pub need: Need,
}

impl<'a> RunInput<'a> {
    /// A file, and nothing beside it.
    #[must_use]
    pub const fn new(file: File<'a>, at: Timestamp) -> Self {
        Self {
            file,
            at,
            deployed: None,
            parameters: Vec::new(),
            deployed_parameters: Vec::new(),
            templates: Vec::new(),
            deployed_templates: Vec::new(),
            assumptions: Vec::new(),
        }
    }
}

/// A run, what kind of file it comes from, and what else is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadRun {
    /// What is about to happen.
    pub run: Run,
    /// What the file is.
    pub kind: Kind,
    /// What the file does that KMS does not refuse, whatever becomes of its steps;
    /// [`advice_on`](Self::advice_on) has what holds once it is judged.
    pub advice: Vec<Advice>,
    /// Of a list of changes, the steps as they came; empty otherwise.
    pub changes: Vec<Step>,
    /// The first comparison that is not known and decides whether a resource of a template exists, or
    /// whether resources of a plan are in one account and Region. Without an assumption on it the
    /// resource is taken to exist, and accounts and Regions are taken to differ.
    pub open: Option<Assumption>,
    /// Where a replica that the run makes is taken as not there yet, or its primary key as one that can
    /// have replicas, as nothing tells (rule H6). A summary has to say so.
    pub assumed_replicable: Vec<Place>,
    /// Where the run covers each way in which what is open can be.
    pub(crate) covers: Option<Covering>,
    /// The values of a template that nobody gave.
    pub(crate) unset: Vec<Unset>,
    /// Whether it cannot be what is assumed: the template forbids it.
    pub(crate) is_impossible: bool,
    pub(crate) called: Called,
    /// Where what the steps and the advice are about is written, by address.
    pub(crate) sources: BTreeMap<Box<str>, Source>,
}

/// Where something is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// The file, by the name that it was given.
    pub(crate) file: Box<str>,
    /// The line, from 1, where it is known.
    pub(crate) line: Option<usize>,
}

impl ReadRun {
    /// Where the resource of a template is written that has this address: the file of its template, by the name that it
    /// was given, and the line there, from 1, if that is known. [`judge_run`](crate::judge_run) tells it; nothing is
    /// told of other files.
    ///
    /// ```
    /// use kms_alias::Timestamp;
    /// use kms_alias_files::{Accounts, File, Options, RunInput, judge_run};
    ///
    /// let bytes = b"Resources:\n  Key:\n    Type: AWS::KMS::Key\n";
    /// let input = RunInput::new(File { name: "keys.yaml", bytes }, Timestamp::from_millis(0));
    /// let judged = judge_run(&input, Accounts::unknown(Options::default()))?;
    /// assert_eq!(judged.read.source_of("Key"), Some(("keys.yaml", Some(2))));
    /// # Ok::<(), kms_alias_files::AccountError>(())
    /// ```
    #[must_use]
    pub fn source_of(&self, address: &str) -> Option<(&str, Option<usize>)> {
        let source = self.sources.get(address)?;
        Some((&source.file, source.line))
    }

    /// What is to be said of the run once it is judged: nothing of moves and deletions that are
    /// refused.
    ///
    /// ```
    /// use kms_alias::Timestamp;
    /// use kms_alias_files::{Accounts, File, Options, RunInput, read_run};
    /// use kms_alias_foresee::verdict::judge;
    ///
    /// let bytes = br#"{"DeleteAlias": {"AliasName": "alias/old"}}"#;
    /// let input = RunInput::new(File { name: "changes.json", bytes }, Timestamp::from_millis(0));
    /// let mut accounts = Accounts::unknown(Options::default());
    /// let read = read_run(&input, &mut accounts)?;
    /// let judgement = judge(&read.run, accounts.into_knowledge());
    /// assert_eq!(read.advice_on(&judgement).count(), 0);
    /// # Ok::<(), kms_alias_files::AccountError>(())
    /// ```
    pub fn advice_on<'r>(&'r self, judgement: &'r Judgement) -> impl Iterator<Item = &'r Advice> {
        let is_refused = |step: &usize| {
            let outcome = judgement.outcomes.get(*step);
            matches!(outcome, Some(Outcome::Refused { .. }))
        };
        let each = self.advice.iter();
        each.filter(move |advice| {
            !advice.steps.iter().any(is_refused) && advice.refused.iter().all(is_refused)
        })
    }

    /// What is said of the run as a whole: it does not pass as long as a part of it is not judged
    /// (rule F8), and it fails where CloudFormation refuses it (rule F9, ours: KMS is not asked).
    #[must_use]
    pub fn conclusion(&self, judgement: &Judgement) -> Conclusion {
        let has = |rule| self.advice.iter().any(|it| it.rule == rule);
        let is_partial = has(AdviceRule::F8);
        match judgement.conclusion {
            _ if has(AdviceRule::F9) => Conclusion::Fails,
            Conclusion::Passes if is_partial => Conclusion::Undecided,
            conclusion => conclusion,
        }
    }

    /// Whether a step belongs into a list of verdicts: every step of a list of changes; of a plan
    /// or template those on aliases, and those on keys that are not plainly `ok`.
    ///
    /// ```
    /// use kms_alias::Timestamp;
    /// use kms_alias_files::{Accounts, File, Options, RunInput, read_run};
    /// use kms_alias_foresee::verdict::Outcome;
    ///
    /// let bytes = br#"{"Resources": {"Key": {"Type": "AWS::KMS::Key"}, "A": {"Type": "AWS::KMS::Alias",
    ///     "Properties": {"AliasName": "alias/a", "TargetKeyId": {"Ref": "Key"}}}}}"#;
    /// let input = RunInput::new(File { name: "template.json", bytes }, Timestamp::from_millis(0));
    /// let read = read_run(&input, &mut Accounts::unknown(Options::default()))?;
    /// let listed = read.run.steps.iter().map(|step| read.is_listed(step, &Outcome::Ok));
    /// assert_eq!(listed.collect::<Vec<_>>(), [true, false]); // CreateAlias, CreateKey
    /// # Ok::<(), kms_alias_files::AccountError>(())
    /// ```
    #[must_use]
    pub fn is_listed(&self, step: &RunStep, outcome: &Outcome) -> bool {
        self.run.order == Order::Listed
            || match step.request {
                Request::CreateAlias { .. }
                | Request::UpdateAlias { .. }
                | Request::DeleteAlias { .. } => true,
                _ => *outcome != Outcome::Ok,
            }
    }
}

/// Reads what is about to happen: a list of changes, a Terraform plan, a CloudFormation template,
/// or a CDK assembly, known by the file's content.
///
/// What the file tells of what stands is added to the accounts; where it contradicts them they are
/// believed (rule F5). A step that names no account or Region is at the only place of the accounts
/// that fits it, or at one that is not known.
///
/// ```
/// use kms_alias::Timestamp;
/// use kms_alias_files::{Accounts, File, Kind, Options, RunInput, read_run};
///
/// let bytes = br#"{"DeleteAlias": {"AliasName": "alias/old"}}"#;
/// let input = RunInput::new(File { name: "changes.json", bytes }, Timestamp::from_millis(0));
/// let read = read_run(&input, &mut Accounts::unknown(Options::default()))?;
/// assert_eq!((read.kind, read.run.steps.len()), (Kind::Changes, 1));
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
///
/// # Errors
/// A file that is none of these, with what it is and what to do; one that is malformed, with its
/// line.
pub fn read_run(input: &RunInput<'_>, accounts: &mut Accounts) -> Result<ReadRun, AccountError> {
    let text = RunText::of(input)?;
    let document = text.document(input, accounts.options.place())?;
    document.prepared().read(input, accounts)
}

/// The text of a file, and what it is.
pub(crate) struct RunText<'a> {
    json: Cow<'a, str>,
    kind: Kind,
}

impl<'a> RunText<'a> {
    pub(crate) fn of(input: &RunInput<'a>) -> Result<Self, AccountError> {
        let file = input.file;
        let json = text::json(file)?;
        let kind = recognise::of_json(&json);
        let is_template = matches!(kind, Kind::CloudFormation | Kind::CdkManifest);
        if !is_template && let Some((name, _)) = input.parameters.first() {
            let words = alloc::format!(
                "`--parameter` names `{name}`, and only templates of CloudFormation have parameters"
            );
            return Err(AccountError::of_file(file.name, Fault::Json(words)));
        }
        if !is_template && (input.deployed.is_some() || !input.deployed_templates.is_empty()) {
            let what = match kind {
                Kind::TerraformPlan => "this is a Terraform plan, which says itself what stands",
                _ => "this is none",
            };
            let words = alloc::format!(
                "`--deployed` goes with a template of CloudFormation only, and {what}: leave it out"
            );
            return Err(AccountError::of_file(file.name, Fault::Json(words)));
        }
        Ok(Self { json, kind })
    }

    pub(crate) fn document(
        &self,
        input: &RunInput<'_>,
        options: Place,
    ) -> Result<Document<'_>, AccountError> {
        let (name, json) = (input.file.name, &*self.json);
        Ok(match self.kind {
            Kind::TerraformPlan => {
                Document::Plan(Box::new(terraform::Document::parse(name, json)?))
            }
            Kind::CloudFormation => {
                let parsed = cloudformation::Document::parse(input, json);
                Document::Template(Box::new(parsed.map_err(|error| placed(input, error))?))
            }
            Kind::CdkManifest => {
                let parsed = cloudformation::Assembly::parse(input, json, options);
                Document::Assembly(Box::new(parsed.map_err(|error| placed(input, error))?))
            }
            Kind::Changes | Kind::Unknown => Document::Changes,
            kind => {
                let mistaken = kind.mistaken_for(&[]);
                let fault = mistaken.map_or(Fault::NotAStep, Fault::Mistaken);
                return Err(AccountError::of_file(name, fault));
            }
        })
    }
}

/// What a file holds.
pub(crate) enum Document<'a> {
    Plan(Box<terraform::Document<'a>>),
    Template(Box<cloudformation::Document>),
    /// The manifest of an assembly with its templates.
    Assembly(Box<cloudformation::Assembly>),
    Changes,
}

impl<'a> Document<'a> {
    pub(crate) fn prepared(&self) -> Prepared<'_, 'a> {
        match self {
            Self::Plan(document) => Prepared::Plan(Box::new(terraform::Prepared::of(document))),
            Self::Template(document) => Prepared::Template(document),
            Self::Assembly(assembly) => Prepared::Assembly(assembly),
            Self::Changes => Prepared::Changes,
        }
    }
}

/// A file, read once for all ways in which what it leaves open can be.
pub(crate) enum Prepared<'p, 'a> {
    Plan(Box<terraform::Prepared<'p, 'a>>),
    Template(&'p cloudformation::Document),
    Assembly(&'p cloudformation::Assembly),
    Changes,
}

impl Prepared<'_, '_> {
    /// Where what steps and advice are about is written.
    pub(crate) fn sources(&self, file: &str, read: &ReadRun) -> BTreeMap<Box<str>, Source> {
        let source = |address: &str| match self {
            Self::Template(template) => template.source(file, address),
            Self::Assembly(assembly) => assembly.source(address),
            Self::Plan(_) | Self::Changes => None,
        };
        let of_steps = read.run.steps.iter().map(|step| &step.address);
        let all = of_steps.chain(read.advice.iter().map(|advice| &advice.address));
        let all = all.filter_map(|address| address.as_ref());
        all.filter_map(|address| Some((address.clone(), source(address)?)))
            .collect()
    }

    /// The run under the assumptions that are made.
    pub(crate) fn read(
        &self,
        input: &RunInput<'_>,
        accounts: &mut Accounts,
    ) -> Result<ReadRun, AccountError> {
        let (kind, planned) = match self {
            Self::Plan(plan) => (Kind::TerraformPlan, plan.read(input, accounts)),
            Self::Template(template) => {
                let read = template.read(input, accounts);
                let read = read.map_err(|error| placed(input, error));
                (Kind::CloudFormation, read?)
            }
            Self::Assembly(assembly) => {
                let read = assembly.read(input, accounts);
                (
                    Kind::CdkManifest,
                    read.map_err(|error| placed(input, error))?,
                )
            }
            Self::Changes => return listed(input, accounts),
        };
        let Planned {
            mut run,
            mut advice,
            open,
            covers,
            unset,
            is_impossible,
            called,
        } = planned;
        // The options hold for places too that no file tells of.
        for step in &run.steps {
            accounts.at(step.place);
        }
        replicas::share(accounts, &run);
        elsewhere::absent(accounts, &run);
        let assumed_replicable = replicas::assume(accounts, &mut run);
        advice.extend(outdated::advice(accounts, &run));
        Ok(ReadRun {
            run,
            kind,
            advice,
            changes: Vec::new(),
            open,
            assumed_replicable,
            covers,
            unset,
            is_impossible,
            called,
            sources: BTreeMap::new(),
        })
    }
}

/// A list of changes: all of it runs at the one place of the accounts; where nothing tells of that, at
/// the one place that the ARNs of its keys name (ours).
fn listed(input: &RunInput<'_>, accounts: &mut Accounts) -> Result<ReadRun, AccountError> {
    let changes = read_changes(input.file, accounts.options.reserved_names)?;
    if let Some(fault) = accounts.not_covered() {
        return Err(AccountError::of_file(input.file.name, fault));
    }
    let mut place = accounts.settle(accounts.options.place());
    if place.scope().is_none() {
        let operations = changes.iter().filter_map(|step| step.request.as_ref().ok());
        let mut scopes = operations.filter_map(named_scope);
        let first = scopes.next();
        let fits = |scope: &Scope| {
            place.region.is_none_or(|region| region == scope.region())
                && place
                    .account
                    .is_none_or(|account| account == scope.account())
        };
        let one = first.filter(|first| fits(first) && scopes.all(|other| other == *first));
        place = one.map_or(place, Place::from);
    }
    if !changes.is_empty() {
        accounts.at(place);
    }
    let steps = changes.iter().map(|step| {
        let request = match &step.request {
            Ok(operation) => Request::Operation(operation.clone()),
            Err(refusal) => Request::Malformed {
                operation: step.operation.as_str().into(),
                refusal: refusal.clone(),
            },
        };
        RunStep::new(place, request)
    });
    let run = Run::listed(steps.collect(), input.at);
    let everywhere = spread::everywhere(accounts, place, &run);
    replicas::share(accounts, &everywhere);
    elsewhere::absent(accounts, &everywhere);
    let advice = outdated::advice(accounts, &run);
    Ok(ReadRun {
        run,
        kind: Kind::Changes,
        advice,
        changes,
        open: None,
        assumed_replicable: Vec::new(),
        covers: None,
        unset: Vec::new(),
        is_impossible: false,
        called: Called::new(),
        sources: BTreeMap::new(),
    })
}
