//! How much of a wound's area has gone.

/// The area that has gone since the first measurement, in thousandths of the first area: 1000 closed, 0 unchanged, below 0
/// grown. `None` where the first area is 0, as there is nothing to compare with.
///
/// Both areas are in mm². A remainder is rounded down, towards the worse: the figure never says that a wound has healed
/// more than it has. So 1000 is a closed wound and nothing else, and a reduction of 399.9 thousandths stays below 400. A
/// wound that grows beyond what an `i32` can tell gives `i32::MIN`.
#[must_use]
pub fn healing_permille(first_mm2: u32, now_mm2: u32) -> Option<i32> {
    let (first, now) = (i64::from(first_mm2), i64::from(now_mm2));
    let permille = ((first - now) * 1000).checked_div_euclid(first)?;
    Some(i32::try_from(permille).unwrap_or(i32::MIN))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_rounds_towards_the_worse() {
        for (first, now, permille) in [
            (1000, 1000, 0),
            (1000, 600, 400),
            (1000, 0, 1000),
            (1000, 1500, -500),
            (3, 2, 333),
            (3, 1, 666),
            (3, 4, -334),
            (10_000, 6_001, 399),
            (10_000, 1, 999),
            (10_000, 10_001, -1),
            (1, u32::MAX, i32::MIN),
        ] {
            assert_eq!(healing_permille(first, now), Some(permille), "{first} to {now}");
        }
        assert_eq!(healing_permille(0, 0), None);
        assert_eq!(healing_permille(0, 5), None);
    }

    proptest! {
        #[test]
        fn it_never_says_more_than_has_healed_and_at_most_one_thousandth_less(
            first in 1..=4_000_000_u32, now in 0..=4_000_000_u32,
        ) {
            let permille = i64::from(healing_permille(first, now).unwrap());
            let gone = (i64::from(first) - i64::from(now)) * 1000;
            prop_assume!(permille > i64::from(i32::MIN));
            prop_assert!(permille * i64::from(first) <= gone);
            prop_assert!((permille + 1) * i64::from(first) > gone);
            prop_assert_eq!(permille == 1000, now == 0);
        }

        #[test]
        fn a_smaller_area_never_gives_less(first in 1..=u32::MAX, one in any::<u32>(), other in any::<u32>()) {
            let (small, large) = (one.min(other), one.max(other));
            prop_assert!(healing_permille(first, small) >= healing_permille(first, large));
        }
    }
}
