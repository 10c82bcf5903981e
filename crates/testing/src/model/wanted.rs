//! Random wishes for a small world: names and the keys that they are to have.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::world::{AWS_NAMES, KEY_IDS, NAMES, SCOPES, Scope, elsewhere, world};
use super::{Key, Model};

/// A world and names with the keys that they are to have: mostly such as a plan can reach.
pub fn world_and_wanted() -> BoxedStrategy<(Model, Vec<(String, String)>)> {
    select(SCOPES.to_vec())
        .prop_flat_map(|scope| {
            let names = [&NAMES[..], &AWS_NAMES].concat();
            let wishes = names.into_iter().map(move |name| wish(name, scope));
            (world(scope), wishes.collect::<Vec<_>>()).prop_map(|(model, wishes)| {
                let to_target =
                    |(name, wish): (&str, Wish)| (name.to_owned(), wish.target(name, &model));
                let wanted = wishes.into_iter().flatten().map(to_target);
                let wanted = wanted.filter_map(|(name, target)| Some((name, target?)));
                let wanted = wanted.collect();
                (model, wanted)
            })
        })
        .boxed()
}

/// The key that a name is to have.
#[derive(Clone, Debug)]
enum Wish {
    /// Its own, if it has one.
    AsItIs,
    /// One of those there, by ID or ARN.
    There(Index, bool),
    /// One of those to which aliases move most often, if any are there.
    Likely(Index),
    /// Whatever that names.
    Text(String),
}

impl Wish {
    fn target(self, name: &str, model: &Model) -> Option<String> {
        let ids = |takes: &dyn Fn(&Key) -> bool| -> Vec<String> {
            let there = model.keys.iter().filter(|(_, key)| takes(key));
            there.map(|(id, _)| id.clone()).collect()
        };
        match self {
            Self::AsItIs => model.aliases.get(name)?.target.clone(),
            Self::There(index, by_arn) => {
                let ids = ids(&|_| true);
                let id = (!ids.is_empty()).then(|| index.get(&ids).clone())?;
                Some(if by_arn { model.key_arn(&id) } else { id })
            }
            Self::Likely(index) => {
                let ids = ids(&|key| key.manager == "CUSTOMER" && key.state == "Enabled");
                (!ids.is_empty()).then(|| index.get(&ids).clone())
            }
            Self::Text(text) => Some(text),
        }
    }
}

fn wish(name: &'static str, scope: Scope) -> impl Strategy<Value = Option<(&'static str, Wish)>> {
    let elsewhere = select(elsewhere(scope));
    let arn =
        (elsewhere, select(KEY_IDS.to_vec())).prop_map(|(head, id)| format!("{head}:key/{id}"));
    let wish = prop_oneof![
        20 => Just(Wish::AsItIs),
        60 => any::<Index>().prop_map(Wish::Likely),
        10 => any::<(Index, bool)>().prop_map(|(index, by_arn)| Wish::There(index, by_arn)),
        1 => select(KEY_IDS.to_vec()).prop_map(|id| Wish::Text(id.to_owned())),
        1 => arn.prop_map(Wish::Text),
    ];
    // Names that are reserved are seldom wanted, as they spoil the whole plan.
    let weight = if name.starts_with("alias/aws") {
        0.05
    } else {
        0.6
    };
    prop::option::weighted(weight, wish.prop_map(move |wish| (name, wish)))
}
