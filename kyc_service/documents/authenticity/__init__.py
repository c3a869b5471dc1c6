"""Document authenticity on one still picture of a document laid flat: screens, prints, pictures without a camera, splices.

Classical measures of pixels (spectra, residuals, colours, seams) go into small linear classifiers trained on
*simulated* attacks: each answer is a weak signal that asks for a person's look, never for a decline. Higher scores
look more like bona fide captures. What the capture is too small to show is not assessed.
"""
