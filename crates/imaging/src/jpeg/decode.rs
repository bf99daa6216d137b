//! A JPEG's pixels, within a time limit.

use zune_core::bytestream::{ZByteIoError, ZByteReaderTrait, ZSeekFrom};
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use crate::deadline::Deadline;
use crate::picture::{Layout, Picture};
use crate::{Inspected, Refusal};

/// Decodes stripped bytes. Colour photos come as YCbCr, grey ones as luma, the rest as RGB.
///
/// # Errors
///
/// [`Refusal::TooSlow`] once the deadline has passed; [`Refusal::Damaged`] if the data do not make a picture. The
/// decoder is strict: rather a refusal while the nurse can take another photo than a picture half grey.
pub(crate) fn decode(clean: &[u8], inspected: &Inspected, deadline: Deadline) -> Result<Picture, Refusal> {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(inspected.width as usize)
        .set_max_height(inspected.height as usize);
    let mut decoder = JpegDecoder::new_with_options(TimedBytes::new(clean, deadline), options);
    decoder.decode_headers().map_err(|error| refusal(error, deadline))?;

    let (layout, colours) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (Layout::Luma, ColorSpace::Luma),
        Some(ColorSpace::YCbCr) => (Layout::YCbCr, ColorSpace::YCbCr),
        _ => (Layout::Rgb, ColorSpace::RGB),
    };
    let options = decoder.options().jpeg_set_out_colorspace(colours);
    decoder.set_options(options);
    let mut picture = Picture::blank(inspected.width, inspected.height, layout);
    if decoder.output_buffer_size() != Some(picture.samples.len()) {
        return Err(Refusal::damaged("it announces its size twice"));
    }
    decoder.decode_into(&mut picture.samples).map_err(|error| refusal(error, deadline))?;
    Ok(picture)
}

fn refusal(error: DecodeErrors, deadline: Deadline) -> Refusal {
    match error {
        DecodeErrors::Unsupported(_) => Refusal::Unsupported { what: "a JPEG of this kind" },
        _ => deadline.or_damaged("its picture cannot be decoded"),
    }
}

/// Bytes that stop being readable when the time is up.
///
/// The decoder takes entropy-coded data four bytes at a time and everything else in other sizes. So the clock is read
/// every [`STRIDE`] bytes of the one and at every read of the other: a file of a hundred scans of ten bytes each, which
/// costs a hundred passes over the picture, meets the clock between any two of them.
struct TimedBytes<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the clock is read next.
    look_at: usize,
    passed: bool,
    deadline: Deadline,
}

/// Bytes of entropy-coded data between two looks at the clock: a few thousand looks for a phone's photo.
const STRIDE: usize = 1024;
const WORD: usize = 4;
const TIME_IS_UP: ZByteIoError = ZByteIoError::Generic("the time is up");

impl<'a> TimedBytes<'a> {
    fn new(bytes: &'a [u8], deadline: Deadline) -> Self {
        Self { bytes, at: 0, look_at: STRIDE, passed: false, deadline }
    }

    #[cold]
    #[inline(never)]
    fn look(&mut self) -> Result<(), ZByteIoError> {
        self.look_at = self.at + STRIDE;
        self.passed = self.deadline.passed();
        if self.passed { Err(TIME_IS_UP) } else { Ok(()) }
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}

impl ZByteReaderTrait for TimedBytes<'_> {
    #[inline(always)]
    fn read_byte_no_error(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += usize::from(self.at < self.bytes.len());
        byte
    }

    #[inline(always)]
    fn read_exact_bytes(&mut self, buf: &mut [u8]) -> Result<(), ZByteIoError> {
        if buf.len() != WORD || self.at >= self.look_at {
            self.look()?;
        }
        self.peek_exact_bytes(buf)?;
        self.at += buf.len();
        Ok(())
    }

    fn read_bytes(&mut self, buf: &mut [u8]) -> Result<usize, ZByteIoError> {
        let len = self.peek_bytes(buf)?;
        self.at += len;
        Ok(len)
    }

    fn peek_bytes(&mut self, buf: &mut [u8]) -> Result<usize, ZByteIoError> {
        self.look()?;
        let rest = self.rest();
        let len = rest.len().min(buf.len());
        buf[..len].copy_from_slice(&rest[..len]);
        Ok(len)
    }

    #[inline(always)]
    fn peek_exact_bytes(&mut self, buf: &mut [u8]) -> Result<(), ZByteIoError> {
        let Some(bytes) = self.bytes.get(self.at..self.at + buf.len()) else {
            return Err(ZByteIoError::NotEnoughBytes(self.rest().len(), buf.len()));
        };
        buf.copy_from_slice(bytes);
        Ok(())
    }

    #[inline(always)]
    fn z_seek(&mut self, from: ZSeekFrom) -> Result<u64, ZByteIoError> {
        let to = match from {
            ZSeekFrom::Start(to) => i64::try_from(to).unwrap_or(i64::MAX),
            ZSeekFrom::End(by) => (self.bytes.len() as i64).saturating_add(by),
            ZSeekFrom::Current(by) => (self.at as i64).saturating_add(by),
        };
        if to < 0 {
            return Err(ZByteIoError::SeekError("before the start"));
        }
        // Past the end is as good as the end: nothing can be read there either.
        self.at = (to as usize).min(self.bytes.len());
        Ok(self.at as u64)
    }

    #[inline(always)]
    fn is_eof(&mut self) -> Result<bool, ZByteIoError> {
        // The decoder tries words before it reads byte by byte, and forgives a word that fails. It asks this next.
        if self.passed {
            return Err(TIME_IS_UP);
        }
        Ok(self.at >= self.bytes.len())
    }

    #[inline(always)]
    fn z_position(&mut self) -> Result<u64, ZByteIoError> {
        Ok(self.at as u64)
    }

    fn read_remaining(&mut self, sink: &mut Vec<u8>) -> Result<usize, ZByteIoError> {
        self.look()?;
        let rest = self.rest();
        sink.extend_from_slice(rest);
        self.at = self.bytes.len();
        Ok(rest.len())
    }
}
