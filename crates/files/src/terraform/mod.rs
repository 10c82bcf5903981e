//! Plans of Terraform and OpenTofu, as `terraform show -json` prints them.

mod address;
mod arguments;
mod attributes;
mod choice;
mod configuration;
mod follow;
mod instance;
mod keys;
mod order;
mod places;
mod plan;
mod prior;
mod related;
mod steps;
mod whose;

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use self::configuration::Tree;
use self::instance::Instances;
use self::order::Ordering;
use self::places::Places;
use self::plan::{Module, Plan};
use self::steps::Stepper;
use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use crate::fact;
use crate::fault::AccountError;
use crate::locate;
use crate::moves;
use crate::run::{Judged, RunInput};
use kms_alias_foresee::verdict::Run;

/// Reads a plan: the run that it is, with what else is to be said of it. What its prior state tells
/// is added to the accounts.
pub(crate) fn read(
    input: &RunInput<'_>,
    json: &str,
    accounts: &mut Accounts,
) -> Result<Judged, AccountError> {
    let plan: Plan<'_> = serde_json::from_str(json)
        .map_err(|error| locate::json_from(input.file.name, 1, &error))?;
    let empty = Module::default();
    let configuration = plan.configuration.as_ref();
    let root = configuration.and_then(|all| all.root_module.as_ref());
    let tree = Tree::of(root.unwrap_or(&empty));
    let state = instance::state(&plan);
    let instances = Instances::of(&plan);
    let mut places = Places::of(&plan, &tree, &state);
    places.settle(&instances, accounts, &input.assumptions);
    let mut advice = left_out(&plan);
    let facts = prior::facts(&state, &instances, &places);
    fact::learn(accounts, facts, &mut advice);

    let mut stepper = Stepper::new(&tree, &instances, &places, &input.assumptions);
    let planned = stepper.steps(accounts);
    let open = places.open().or(stepper.choices.open);
    let after = Ordering::new(&planned, &instances).order(&tree, &state);
    let steps = planned.into_iter().zip(after).map(|(planned, after)| {
        let mut step = planned.step;
        step.after = after;
        step
    });
    let run = Run::partial(steps.collect(), input.at);
    advice.extend(moves::advice(&run, accounts));
    advice.extend(arguments::advice(&plan, accounts));
    Ok((run, advice, open))
}

/// What of a plan is not read (rule F8).
fn left_out(plan: &Plan<'_>) -> Vec<Advice> {
    let mut advice = Vec::new();
    let version = plan.format_version.as_deref().unwrap_or("1.0");
    if !matches!(version.split('.').next(), Some("0" | "1")) {
        let words = format!(
            "the format of the plan is {version}, and 0.1 to 1.x are known: what is new in it is not judged"
        );
        advice.push(Advice::new(AdviceRule::F8, words));
    }
    if plan.errored == Some(true) {
        let words = "the plan ended with an error and is not whole: mend the error and plan again";
        advice.push(Advice::new(AdviceRule::F8, words));
    }
    let deferred = plan.deferred_changes.as_ref().map_or(0, Vec::len);
    if deferred > 0 {
        let words = match deferred {
            1 => "1 change is deferred and not judged: apply, and plan again".to_string(),
            _ => format!("{deferred} changes are deferred and not judged: apply, and plan again"),
        };
        advice.push(Advice::new(AdviceRule::F8, words));
    }
    advice
}
