//! Plans of worlds that the bytes choose.

use arbitrary::{Result, Unstructured};
use kms_alias_foresee::{PlanOptions, ThirdKey, Unmentioned};

use super::table::{KEY_IDS, NAMES, world};
use kms_alias_testing::model::Model;
use kms_alias_testing::plan_judge::{Wish, judge};
use kms_alias_testing::small::{Fate, Key, Third, World, compare};

/// A plan is accepted step by step and arrives, or what it says is unreachable the model refuses by
/// the same rule; in a small world it costs what the cheapest way costs.
pub fn plan(data: &[u8]) {
    let mut u = Unstructured::new(data);
    // Bytes that end too early choose the first of what is left to choose.
    let Ok(small) = u.arbitrary() else { return };
    if small {
        if let Ok(world) = small_world(&mut u) {
            compare(&world);
        }
    } else if let Ok((model, wish, options)) = wished(&mut u) {
        judge(&model, &wish, options);
    }
}

fn wished(u: &mut Unstructured<'_>) -> Result<(Model, Wish, PlanOptions)> {
    let model = world(u)?;
    let mut wish = Wish::new();
    for name in NAMES {
        // Names that are reserved spoil the whole plan.
        let (often, of) = if name.starts_with("alias/aws") {
            (1, 16)
        } else {
            (3, 5)
        };
        if u.ratio(often, of)? {
            wish.push((name.to_owned(), target(u, &model)?));
        }
    }
    let unmentioned = *u.choose(&[Unmentioned::Stay, Unmentioned::Go])?;
    let third_key = match u.int_in_range(0..=2)? {
        0 => ThirdKey::No,
        1 => ThirdKey::Any,
        _ => ThirdKey::This(u.choose(&KEY_IDS)?.parse().expect("a key ID")),
    };
    let options = PlanOptions::default().with_unmentioned(unmentioned);
    Ok((model, wish, options.with_third_key(third_key)))
}

/// A key, mostly by its ID and mostly one that is there.
fn target(u: &mut Unstructured<'_>, model: &Model) -> Result<String> {
    let there: Vec<_> = model.keys.keys().map(String::as_str).collect();
    let kind = u.int_in_range(0..=31)?;
    let key_id = if kind == 0 || there.is_empty() {
        *u.choose(&KEY_IDS)?
    } else {
        *u.choose(&there)?
    };
    Ok(match kind {
        1 => format!("arn:aws:kms:eu-west-1:111122223333:key/{key_id}"),
        2 => format!("arn:aws:kms:eu-west-3:999999999999:key/{key_id}"),
        3..=8 => model.key_arn(key_id),
        _ => key_id.to_owned(),
    })
}

/// A world of up to four keys and five names, which a search looks through in an instant.
fn small_world(u: &mut Unstructured<'_>) -> Result<World> {
    let keys = u.int_in_range(1..=4)?;
    let third = match u.int_in_range(0..=2)? {
        0 => Third::No,
        1 => Third::Any,
        _ => Third::This(u.int_in_range(0..=keys - 1)?),
    };
    let mut world = World {
        quota: u.int_in_range(1..=3)?,
        keys: Vec::new(),
        names: Vec::new(),
        third,
    };
    for _ in 0..keys {
        world.keys.push(Key {
            kind: if u.ratio(1, 4)? {
                u.int_in_range(1..=2)?
            } else {
                0
            },
            open: !u.ratio(1, 8)?,
        });
    }
    for _ in 0..u.int_in_range(1..=5)? {
        let place = |u: &mut Unstructured<'_>| -> Result<Option<usize>> {
            Ok(u.int_in_range(0..=keys)?.checked_sub(1))
        };
        let before = place(u)?;
        let fate = if u.ratio(1, 6)? {
            Fate::Stays
        } else {
            Fate::Wanted(place(u)?)
        };
        world.names.push((before, fate));
    }
    Ok(world)
}
