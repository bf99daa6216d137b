//! The colour profile of photos that say in EXIF alone that they are Adobe RGB.
//!
//! Cameras that are set so write no profile: they name their file `_DSC0001.JPG` and put "R03" into EXIF (DCF 2.0). Browsers
//! know of neither, take the photo for sRGB and show its reds dull. Since EXIF does not stay either, such a photo gets the
//! profile that it should have had, and from there on is like any other.

/// Bytes of a profile's header and of a tag's entry.
const HEADER: usize = 128;
const ENTRY: usize = 12;

/// Colorants under D50 and white, in 65,536ths, and gamma in 256ths, as Adobe RGB (1998), 4.3, gives them.
const RED: [u32; 3] = [39_960, 20_389, 1_276];
const GREEN: [u32; 3] = [13_453, 41_004, 3_989];
const BLUE: [u32; 3] = [9_777, 4_143, 48_796];
const WHITE: [u32; 3] = [62_289, 65_536, 71_372];
const GAMMA: u16 = 0x0233;

/// An ICC version 2 profile: three colorants and a power.
pub(crate) fn profile() -> Vec<u8> {
    let xyz = |colour: [u32; 3]| [b"XYZ \0\0\0\0", colour.map(u32::to_be_bytes).as_flattened()].concat();
    let gamma = [b"curv\0\0\0\0\0\0\0\x01", GAMMA.to_be_bytes().as_slice(), &[0; 2]].concat();
    let tags = [
        (b"desc", description("Compatible with Adobe RGB (1998)")),
        (b"cprt", b"text\0\0\0\0CC0\0".to_vec()),
        (b"wtpt", xyz(WHITE)),
        (b"rXYZ", xyz(RED)),
        (b"gXYZ", xyz(GREEN)),
        (b"bXYZ", xyz(BLUE)),
        (b"rTRC", gamma.clone()),
        (b"gTRC", gamma.clone()),
        (b"bTRC", gamma),
    ];
    let mut profile = vec![0; HEADER];
    profile.extend((tags.len() as u32).to_be_bytes());
    let mut at = HEADER + 4 + ENTRY * tags.len();
    for (name, bytes) in &tags {
        profile.extend(*name);
        profile.extend((at as u32).to_be_bytes());
        profile.extend((bytes.len() as u32).to_be_bytes());
        at += bytes.len();
    }
    profile.extend(tags.into_iter().flat_map(|(_, bytes)| bytes));
    let mut put = |at: usize, bytes: &[u8]| profile[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &(at as u32).to_be_bytes());
    put(8, &[2, 0x10]);
    put(12, b"mntrRGB XYZ ");
    put(24, &[0x07, 0xCE, 0, 1, 0, 1]);
    put(36, b"acsp");
    // The light that profiles are made for: D50.
    put(68, &[0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D]);
    profile
}

/// A name in ASCII, and none in the two other scripts that this kind of tag has room for. Padded to four bytes.
fn description(name: &str) -> Vec<u8> {
    let mut tag = b"desc\0\0\0\0".to_vec();
    tag.extend((name.len() as u32 + 1).to_be_bytes());
    tag.extend(name.bytes());
    tag.resize((tag.len() + 1 + 78).next_multiple_of(4), 0);
    tag
}
