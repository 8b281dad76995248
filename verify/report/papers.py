"""The papers from which claims are taken, by the folder of their claims."""

PAPERS = {
    "advani2020": "Advani, Saxe & Sompolinsky, High-dimensional dynamics of generalization error in neural networks, Neural "
    "Networks 132, 2020",
    "arpit2017": "Arpit et al., A closer look at memorization in deep networks, ICML 2017",
    "chou2025": "Chou, Le, Wang & Chung, Feature learning beyond the lazy-rich dichotomy: insights from representational "
    "geometry, ICML 2025",
    "chung2018": "Chung, Lee & Sompolinsky, Classification and geometry of general perceptual manifolds, Physical Review X 8, "
    "031003, 2018",
    "cohen2020": "Cohen, Chung, Lee & Sompolinsky, Separability and geometry of object manifolds in deep neural networks, "
    "Nature Communications 11:746, 2020; and its authors' package, neural_manifolds_replicaMFT",
    "cover1965": "Cover, Geometrical and statistical properties of systems of linear inequalities with applications in pattern "
    "recognition, IEEE Transactions on Electronic Computers EC-14, 1965",
    "ketha2025": "Ketha & Ramaswamy, Decoding generalization from memorization in deep neural networks, arXiv 2501.14687, 2025",
    "liang2025": "Liang, Cloninger, Parhi & Wang, Generalization below the edge of stability: the role of data geometry, "
    "arXiv 2510.18120, 2025",
    "maini2023": "Maini, Mozer, Sedghi, Lipton, Kolter & Zhang, Can neural network memorization be localized?, ICML 2023",
    "novak2018": "Novak, Bahri, Abolafia, Pennington & Sohl-Dickstein, Sensitivity and generalization in neural networks: an "
    "empirical study, ICLR 2018",
    "ortizjimenez2021": "Ortiz-Jimenez, Moosavi-Dezfooli & Frossard, What can linearized neural networks actually say about "
    "generalization?, NeurIPS 2021",
    "rolnick2017": "Rolnick, Veit, Belongie & Shavit, Deep learning is robust to massive label noise, arXiv 1705.10694, 2017",
    "schneider2022": "Schneider, The learning phases in NN: from fitting the majority to fitting a few, arXiv 2202.08299, 2022",
    "stephenson2021": "Stephenson, Padhy, Ganesh, Hui, Tang & Chung, On the geometry of generalization and memorization in "
    "deep neural networks, ICLR 2021",
    "stephenson2021_questions": "Stephenson, Padhy, Ganesh, Hui, Tang & Chung, On the geometry of generalization and "
    "memorization in deep neural networks, ICLR 2021: the open questions of its discussion",
    "wakhloo2023": "Wakhloo, Sussman & Chung, Linear classification of neural manifolds with correlated variability, Physical "
    "Review Letters 131, 027301, 2023",
    "wang2022": "Wang & Yang, With greater distance comes worse performance, arXiv 2201.11939, 2022",
    "wang2025": "Wang, Li, Yaras, Zhu, Balzano, Hu & Qu, Understanding deep representation learning via layerwise feature "
    "compression and discrimination, Journal of Machine Learning Research 26, 2025",
    "zhang2020": "Zhang, Bengio, Hardt, Mozer & Singer, Identity crisis: memorization and generalization under extreme "
    "overparameterization, ICLR 2020",
}


def cite(folder: str) -> str:
    """The citation of a folder's paper; the name of the folder where the table has no citation."""
    return PAPERS.get(folder, folder)
