//! Knots of full keys: what makes room in them, in which order (rule T6).

use super::*;

#[test]
fn full_keys_swap_by_a_gap_or_by_a_third_key_if_that_is_allowed_t6() {
    let standing = [("alias/a", A), ("alias/b", B)];
    let keys = [key(A), key(B), key(C)];
    let table = table(1, &keys, &standing);
    let wanted = wanted(&[("alias/a", B), ("alias/b", A)]);
    let plan = made(&table, &wanted, PlanOptions::default());
    let by_gap = [
        (
            "alias/b",
            StepEffect::GapOpens {
                from: B,
                until: 2,
                cause: Rule::T6,
            },
        ),
        ("alias/a", StepEffect::Moves { from: A, to: B }),
        ("alias/b", StepEffect::GapCloses { to: A, since: 0 }),
    ];
    assert_eq!(told(&plan), by_gap);
    assert_eq!(
        plan.steps()[0].to_string(),
        "alias/b resolves to nothing instead of bbbbbbbb-0000-4000-8000-000000000000 until step 3 (rule T6)"
    );
    let by_third = [
        (
            "alias/b",
            StepEffect::StepsAside {
                from: B,
                to: C,
                until: 2,
            },
        ),
        ("alias/a", StepEffect::Moves { from: A, to: B }),
        (
            "alias/b",
            StepEffect::StepsBack {
                from: C,
                to: A,
                since: 0,
            },
        ),
    ];
    for third_key in [ThirdKey::Any, ThirdKey::This(C)] {
        let options = PlanOptions::default().with_third_key(third_key);
        assert_eq!(told(&made(&table, &wanted, options)), by_third);
    }
    // A key of the circle is full, and one that is not there takes nothing.
    for third_key in [ThirdKey::This(A), ThirdKey::This(MRK)] {
        let options = PlanOptions::default().with_third_key(third_key);
        assert_eq!(told(&made(&table, &wanted, options)), by_gap);
    }
}

#[test]
fn one_third_key_serves_every_swap_one_after_the_other_t6() {
    let standing = [
        ("alias/a", A),
        ("alias/b", B),
        ("alias/c", C),
        ("alias/d", D),
    ];
    let table = table(1, &[key(A), key(B), key(C), key(D), key(E)], &standing);
    let swapped = [
        ("alias/a", B),
        ("alias/b", A),
        ("alias/c", D),
        ("alias/d", C),
    ];
    let options = PlanOptions::default().with_third_key(ThirdKey::Any);
    let plan = made(&table, &wanted(&swapped), options);
    let words: Vec<_> = plan.steps().iter().map(ToString::to_string).collect();
    let expected = [
        format!("alias/b resolves to {E} instead of {B} until step 3, to make room (rule T6)"),
        format!("alias/a resolves to {B} instead of {A}"),
        format!("alias/b resolves to {A}, and no longer to {E} as since step 1"),
        format!("alias/d resolves to {E} instead of {D} until step 6, to make room (rule T6)"),
        format!("alias/c resolves to {D} instead of {C}"),
        format!("alias/d resolves to {C}, and no longer to {E} as since step 4"),
    ];
    assert_eq!(words, expected);
    // So does a key that swaps itself, once its own swap has made room by a gap.
    let options = PlanOptions::default().with_third_key(ThirdKey::This(C));
    let plan = made(&table, &wanted(&swapped), options);
    assert_eq!((plan.len(), plan.gaps().count()), (6, 1), "{plan:?}");
    assert_eq!(
        plan.gaps().next().map(|gap| gap.alias_name.as_str()),
        Some("alias/d")
    );
}

#[test]
fn keys_of_each_type_have_a_third_key_of_their_own_u3_t6() {
    let [pair, other, third] = ["a1", "a2", "a3"].map(rsa_key_id);
    let rsa = |key_id| of(key_id, KeySpec::Rsa2048, KeyUsage::EncryptDecrypt);
    let keys = [A, B, C, D, E].map(key).into_iter();
    let keys: Vec<KeyMetadata> = keys.chain([pair, other, third].map(rsa)).collect();
    let standing = [
        ("alias/a", A),
        ("alias/b", B),
        ("alias/m", pair),
        ("alias/n", other),
        ("alias/y", C),
        ("alias/z", D),
    ];
    let swapped = [
        ("alias/a", B),
        ("alias/b", A),
        ("alias/m", other),
        ("alias/n", pair),
        ("alias/y", D),
        ("alias/z", C),
    ];
    let options = PlanOptions::default().with_third_key(ThirdKey::Any);
    let plan = made(&table(1, &keys, &standing), &wanted(&swapped), options);
    let aside = plan.steps().iter().filter_map(|step| match step.effect() {
        StepEffect::StepsAside { to, .. } => Some((step.alias_name().as_str(), to)),
        _ => None,
    });
    let mut aside: Vec<_> = aside.collect();
    aside.sort_unstable();
    assert_eq!(plan.len(), 9);
    assert_eq!(aside, [("alias/b", E), ("alias/n", third), ("alias/z", E)]);
}

fn rsa_key_id(begins: &str) -> KeyId {
    let text = format!("{begins}000000-0000-4000-8000-000000000000");
    text.parse().expect("a key ID")
}

#[test]
fn an_alias_that_has_moved_makes_no_room_again_u3_t6() {
    // `a` moves to another type at once, and `n` takes its place; `v` and `x` have to change types
    // across each other.
    let [rsa, other] = ["a1", "a2"].map(rsa_key_id);
    let rsa_key = |key_id| of(key_id, KeySpec::Rsa2048, KeyUsage::EncryptDecrypt);
    let keys = [key(A), rsa_key(rsa), rsa_key(other)];
    let standing = [
        ("alias/a", A),
        ("alias/w", rsa),
        ("alias/v", rsa),
        ("alias/x", A),
    ];
    let asked = [
        ("alias/a", other),
        ("alias/n", A),
        ("alias/v", A),
        ("alias/x", rsa),
    ];
    let plan = made(
        &table(2, &keys, &standing),
        &wanted(&asked),
        PlanOptions::default(),
    );
    let names: Vec<_> = told(&plan).into_iter().map(|(name, _)| name).collect();
    let expected = ["a", "a", "n", "v", "x", "x", "v"].map(|name| format!("alias/{name}"));
    assert_eq!(names, expected, "{plan:?}");
}
