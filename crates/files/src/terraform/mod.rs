//! Plans of Terraform and OpenTofu, as `terraform show -json` prints them.

mod address;
mod arguments;
mod attributes;
mod choice;
mod configuration;
mod follow;
mod instance;
mod keys;
mod left_out;
mod order;
mod places;
mod plan;
mod prior;
mod related;
mod steps;
mod whose;

use self::configuration::Tree;
use self::instance::Instances;
use self::order::Ordering;
use self::places::Places;
use self::plan::{Module, Plan};
use self::steps::Stepper;
use crate::account::Accounts;
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
    let mut advice = left_out::advice(&plan, &tree, &state);
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
