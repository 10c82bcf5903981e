//! Regions that no partition has, in what a plan says (rule K4).

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::instance::{Instance, Instances};
use super::places::{Contradiction, Places};
use crate::advice::{Advice, AdviceRule};
use kms_alias::{AliasArn, KeyArn, Region, Rule};
use kms_alias_foresee::verdict::Note;

/// The Regions in which resources are to be and that no partition has: what stands there cannot be
/// told (rule F8).
pub(super) fn advice(instances: &Instances<'_>, places: &Places<'_, '_>) -> Vec<Advice> {
    let mut advice = Vec::new();
    let mut told = BTreeSet::new();
    let each = instances.all.iter();
    for instance in each.filter(|instance| !instance.actions.is_empty()) {
        let about = |words: String| Advice::about(&instance.address, AdviceRule::F8, words);
        advice.extend(wrong_arn(instance).map(|arn| about(of_arn(arn))));
        advice.extend(
            places
                .contradiction(instance)
                .map(|found| about(elsewhere(&found))),
        );
        let values = [&instance.after, &instance.before];
        if let Some(own) = values.into_iter().find_map(|values| values.text("region")) {
            let is_wrong = own.parse::<Region>().is_err();
            advice.extend(is_wrong.then(|| about(of_region(own, "`region` of the resource"))));
            continue;
        }
        if let Some((provider, region)) = places.wrong_region(&instance.address)
            && told.insert(provider.clone())
        {
            let where_to_mend = format!("`region` of provider {provider}");
            let words = of_region(region, &where_to_mend);
            advice.push(Advice::new(AdviceRule::F8, words));
        }
    }
    advice
}

/// What to do where the target of an alias is an ARN of no Region.
pub(super) fn note(instance: &Instance<'_>) -> Option<Note> {
    let target = instance.target_after()?;
    let words = format!(
        "the Region in {target} is none of the partition that the ARN names: name the key by its ID, or by its ARN in \
         the Region of the alias"
    );
    is_wrong(target).then(|| Note::new(words, &[Rule::K3, Rule::K4]))
}

/// The ARN of a resource that stands, if its Region is none of its partition.
fn wrong_arn<'i>(instance: &'i Instance<'_>) -> Option<&'i str> {
    let before = &instance.before;
    let arn = before.text("arn").or(before.text("alias_arn"))?;
    is_wrong(arn).then_some(arn)
}

fn is_wrong(arn: &str) -> bool {
    let key = arn.parse::<KeyArn>().map_err(|error| error.rule());
    let alias = arn.parse::<AliasArn>().map_err(|error| error.rule());
    key == Err(Rule::K4) || alias == Err(Rule::K4)
}

fn of_arn(arn: &str) -> String {
    format!(
        "the Region in {arn} is none of the partition that the ARN names (rule K4), and what stands there is not \
         judged: mend the ARN"
    )
}

/// What Terraform does not find where it asks, it would have found gone had it looked.
fn elsewhere(found: &Contradiction) -> String {
    let (
        said,
        Contradiction {
            region,
            account,
            provider,
            ..
        },
    ) = (found.said, found);
    format!(
        "its ARN is one of {said}, and provider {provider} acts in {region}, account {account}: what is asked of KMS is \
         asked there; plan without `-refresh=false`, so that Terraform sees what stands there"
    )
}

fn of_region(region: &str, where_to_mend: &str) -> String {
    format!(
        "`{region}` is no Region of any AWS partition (rule K4), and what stands there is not judged: mend \
         {where_to_mend}"
    )
}
