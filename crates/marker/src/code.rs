//! The tags' patterns.

/// Modules along a tag's side: a black border of one, six of pattern, a black border of one.
pub const MODULES: usize = 8;
/// Modules of the pattern along its side.
const PATTERN: usize = 6;

/// Which of our markers: its number on the card, and in its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarkerId(u16);

impl MarkerId {
    /// How many there are, numbered from 0.
    pub const COUNT: u16 = PATTERNS.len() as u16;

    /// The marker with a number, if it is one of ours.
    #[must_use]
    pub fn new(number: u16) -> Option<Self> {
        (number < Self::COUNT).then_some(Self(number))
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(Self)
    }

    /// Whether a module of the tag is white, counted from its upper left, border and all.
    #[must_use]
    pub fn is_white(self, column: usize, row: usize) -> bool {
        let inner = 1..=PATTERN;
        let pattern = PATTERNS[usize::from(self.0)];
        inner.contains(&column)
            && inner.contains(&row)
            && pattern >> (PATTERN * PATTERN - 1 - (row - 1) * PATTERN - (column - 1)) & 1 == 1
    }
}

/// The first of the 587 words of the family tag36h11 of the AprilTag project, whose patterns differ in 11 modules at
/// least however they are turned. Written row by row from the upper left, the most significant bit first; 1 is white.
#[rustfmt::skip]
const PATTERNS: [u64; 64] = [
    0xd_5d62_8584, 0xd_97f1_8b49, 0xd_d280_910e, 0xe_479e_9c98, 0xe_bcbc_a822, 0xf_31da_b3ac, 0x0_56a5_d085, 0x1_0652_e1d4,
    0x2_2b1d_fead, 0x2_65ad_0472, 0x3_4fe9_1b86, 0x3_ff96_2cd5, 0x4_3a25_329a, 0x4_74b4_385f, 0x4_e9d2_43e9, 0x5_2461_49ae,
    0x5_997f_5538, 0x6_83bb_6c4c, 0x6_be4a_7211, 0x7_e315_8eea, 0x8_1da4_94af, 0x8_5833_9a74, 0x8_cd51_a5fe, 0x9_f21c_c2d7,
    0xa_2cab_c89c, 0xa_dc58_d9eb, 0xb_16e7_dfb0, 0xb_8c05_eb3a, 0xd_25ef_139d, 0xd_607e_1962, 0xe_4aba_3076, 0x2_dde6_a3da,
    0x4_3d40_c678, 0x5_620b_e351, 0x6_4c47_fa65, 0x6_86d7_002a, 0x6_c166_05ef, 0x6_fbf5_0bb4, 0x8_d06d_39dc, 0x9_f538_56b5,
    0xa_df74_6dc9, 0xb_c9b0_84dd, 0xd_290a_a77b, 0xd_9e28_b305, 0xe_4dd5_c454, 0xf_ad2f_e6f2, 0x1_81a8_151a, 0x2_6be4_2c2e,
    0x2_e102_37b8, 0x4_05cd_5491, 0x7_742e_ab1c, 0x8_5e6a_c230, 0x8_d388_cdba, 0x9_f853_ea93, 0xc_41ea_2445, 0xc_f197_3594,
    0x1_4a34_a333, 0x3_1eac_d15b, 0x6_c79d_2dab, 0x7_3cbb_3935, 0x8_9c15_5bd3, 0x8_d6a4_6198, 0x9_1133_675d, 0xa_708d_89fb,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn turned(pattern: u64) -> u64 {
        let bit = |column: usize, row: usize| pattern >> (35 - row * PATTERN - column) & 1;
        (0..36).fold(0, |turned, n| turned << 1 | bit(n / PATTERN, PATTERN - 1 - n % PATTERN))
    }

    #[test]
    fn no_two_tags_are_alike_however_they_are_turned() {
        for (n, a) in PATTERNS.iter().enumerate() {
            let mut way = *a;
            for turns in 0..4 {
                for (m, b) in PATTERNS.iter().enumerate() {
                    assert!((m, turns) == (n, 0) || (way ^ b).count_ones() >= 11, "{n} turned {turns} times and {m}");
                }
                way = turned(way);
            }
            assert_eq!(way, *a);
        }
    }

    #[test]
    fn a_border_is_black_all_round() {
        for id in MarkerId::all() {
            for n in 0..MODULES {
                assert!(!id.is_white(n, 0) && !id.is_white(n, 7) && !id.is_white(0, n) && !id.is_white(7, n));
            }
        }
        assert_eq!(MarkerId::new(MarkerId::COUNT), None);
    }
}
