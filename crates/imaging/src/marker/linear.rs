//! Equations of a few unknowns.

/// The inverse of a matrix, by elimination with the largest pivot. `None` when it has none.
pub(crate) fn inverse<const N: usize>(mut matrix: [[f64; N]; N]) -> Option<[[f64; N]; N]> {
    let mut inverse = [[0.0; N]; N];
    for (n, row) in inverse.iter_mut().enumerate() {
        row[n] = 1.0;
    }
    for column in 0..N {
        let pivot = (column..N).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))?;
        matrix.swap(column, pivot);
        inverse.swap(column, pivot);
        let size = matrix[column][column];
        if !size.is_finite() || size.abs() < 1e-12 {
            return None;
        }
        matrix[column] = matrix[column].map(|x| x / size);
        inverse[column] = inverse[column].map(|x| x / size);
        let (whole, part) = (matrix[column], inverse[column]);
        for row in (0..N).filter(|row| *row != column) {
            let times = matrix[row][column];
            for n in 0..N {
                matrix[row][n] -= times * whole[n];
                inverse[row][n] -= times * part[n];
            }
        }
    }
    Some(inverse)
}

/// A matrix times a vector.
pub(crate) fn times<const N: usize>(matrix: &[[f64; N]; N], vector: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|row| matrix[row].iter().zip(vector).map(|(a, b)| a * b).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_undoes_and_a_singular_matrix_has_none() {
        let matrix = [[0.0, 2.0, 1.0], [3.0, -1.0, 4.0], [1.0, 5.0, -2.0]];
        let back = times(&inverse(matrix).unwrap(), &times(&matrix, &[1.0, -2.0, 3.0]));
        assert!(back.iter().zip([1.0, -2.0, 3.0]).all(|(a, b)| (a - b).abs() < 1e-12));
        assert_eq!(inverse([[1.0, 2.0], [2.0, 4.0]]), None);
    }
}
