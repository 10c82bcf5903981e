//! The rounds of `for_each`, and of a `count` that is the length of a list.

use std::collections::HashMap;

use super::evaluate::{Each, Scope};
use super::expression::{Entry, Expression, Kind};
use super::trail::{Budget, Trail};
use crate::text::Text;

impl<'a> Scope<'a> {
    /// The rounds of `for_each`; none where they are not known.
    pub(super) fn rounds(&self, for_each: &'a Expression) -> Option<Vec<Each<'a>>> {
        self.rounds_along(for_each, Trail::new(&Budget::new()))
    }

    /// The rounds of a `count` that is the length of a list of the module; none for all others.
    pub(super) fn counts(&self, count: &'a Expression) -> Option<Vec<Each<'a>>> {
        let Kind::Call(name, arguments) = &count.kind else {
            return None;
        };
        let [list] = arguments.as_slice() else {
            return None;
        };
        let counted = list.reference().filter(|_| name == "length")?;
        let mut rounds = self.set(list, Trail::new(&Budget::new()))?;
        for round in &mut rounds {
            round.counted = Some(counted.clone());
        }
        Some(rounds)
    }

    fn rounds_along(&self, for_each: &'a Expression, trail: Trail<'_>) -> Option<Vec<Each<'a>>> {
        let trail = trail.further()?;
        match &for_each.kind {
            Kind::Object(entries) => entries.iter().map(round).collect(),
            Kind::Call(name, arguments) => match (name.as_str(), arguments.as_slice()) {
                ("toset", [list]) => self.set(list, trail),
                ("tomap", [map]) => self.rounds_along(map, trail),
                ("merge", maps) => self.merged(maps, trail),
                _ => None,
            },
            Kind::Reference(_) => {
                let parts = for_each.reference()?;
                self.rounds_along(self.at_path(&parts)?, trail)
            }
            _ => None,
        }
    }

    /// The rounds of maps that are put together, of which the later win: of those that are known for certain.
    fn merged(&self, maps: &'a [Expression], trail: Trail<'_>) -> Option<Vec<Each<'a>>> {
        let mut rounds: Vec<Each<'a>> = Vec::new();
        let mut are_all_known = true;
        let mut places: HashMap<String, usize> = HashMap::new();
        for map in maps {
            let Some(known) = self.rounds_along(map, trail) else {
                // What is not known may have another value for each name before it.
                are_all_known = false;
                rounds.clear();
                places.clear();
                continue;
            };
            for round in known {
                let name = round.key.as_str().to_owned();
                let place = *places.entry(name).or_insert(rounds.len());
                match rounds.get_mut(place) {
                    Some(earlier) => *earlier = round,
                    None => rounds.push(round),
                }
            }
        }
        (are_all_known || !rounds.is_empty()).then_some(rounds)
    }

    /// The rounds of a set or a list; of several that are put together, those that are known.
    fn set(&self, list: &'a Expression, trail: Trail<'_>) -> Option<Vec<Each<'a>>> {
        let trail = trail.further()?;
        match &list.kind {
            Kind::List(items) => {
                let round = |item: &'a Expression| {
                    let key = self.one(item, None, trail)?;
                    Some(Each {
                        key,
                        counted: None,
                        value: None,
                    })
                };
                items.iter().map(round).collect()
            }
            Kind::Call(name, lists) if name == "concat" => {
                let known = lists.iter().filter_map(|list| self.set(list, trail));
                let known: Vec<_> = known.flatten().collect();
                (!known.is_empty()).then_some(known)
            }
            Kind::Reference(_) => {
                let parts = list.reference()?;
                self.set(self.at_path(&parts)?, trail)
            }
            _ => None,
        }
    }
}

fn round(entry: &Entry) -> Option<Each<'_>> {
    let key = Text::literal(entry.name.as_deref()?, entry.name_at.clone());
    let value = Some(&entry.value);
    Some(Each {
        key,
        counted: None,
        value,
    })
}
