"""The probes of docs/measures.md by scikit-learn: the same scaling, folds, grid of C and shuffles, at its usual tolerance."""
import warnings

import numpy as np
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

warnings.filterwarnings('ignore')
GRID = [0.001, 0.01, 0.1, 1]
NEIGHBOURS = 20
TEMPERATURE = 0.07
MOST_ITERATIONS = 1000


def scaled(method, train, test):
    """Columns that vary in training, and what a C of the grid is multiplied by."""
    mean, deviation = train.mean(0), train.std(0)
    scale = deviation if method == 'logistic-standardised' else np.ones_like(deviation)
    varies = deviation > 0
    train, test = ((split[:, varies] - mean[varies]) / scale[varies] for split in (train, test))
    return train, test, len(mean) / (train ** 2).mean(0).sum()


def fitted(x, y, c, start=None, tolerance=1e-4):
    """From the fit at the C before, as LogisticRegressionCV does it."""
    model = start or LogisticRegression(tol=tolerance, max_iter=MOST_ITERATIONS, warm_start=True)
    return model.set_params(C=c).fit(x, y)


def out_of_fold(x, task, c, starts, tolerance=1e-4):
    """What is predicted of each sample by the fit on the other folds, and with which probabilities."""
    labels, folds = task['labels'], task['folds']
    classes = np.unique(labels)
    predicted, chances = np.empty_like(labels), np.full((len(labels), len(classes)), 1e-300)
    for fold in np.unique(folds):
        own = folds == fold
        starts[fold] = fitted(x[~own], labels[~own], c, starts.get(fold), tolerance)
        predicted[own] = starts[fold].predict(x[own])
        chances[np.ix_(own, np.searchsorted(classes, starts[fold].classes_))] = starts[fold].predict_proba(x[own])
    return predicted, chances


def entropy(labels):
    shares = np.unique(labels, return_counts=True)[1] / len(labels)
    return -(shares * np.log2(shares)).sum()


def logistic(method, train, test, task):
    x, x_test, unit = scaled(method, train, test)
    labels = task['labels']
    tried, starts = [], {}
    for c in GRID:
        predicted, chances = out_of_fold(x, task, c * unit, starts)
        loss = log_loss(labels, chances) / np.log(2)
        tried.append({'c': c * unit, 'right': predicted == labels, 'loss': loss})
    best = max(tried, key=lambda one: one['right'].sum())
    model = fitted(x, labels, best['c'])
    shuffled = [fitted(x, own, best['c']).score(x_test, task['test']) for own in task['shuffles']]
    return {
        'c': best['c'], 'outOfFold': best['right'], 'test': model.predict(x_test) == task['test'],
        'information': entropy(labels) - min(one['loss'] for one in tried), 'null': float(np.mean(shuffled)),
    }


def exact(method, train, test, task, c):
    """The same at a known C, to the end."""
    x, x_test, _ = scaled(method, train.astype(np.float64), test.astype(np.float64))
    model = fitted(x, task['labels'], c, tolerance=1e-9)
    predicted, _ = out_of_fold(x, task, c, {}, tolerance=1e-9)
    return {'test': model.predict(x_test) == task['test'], 'outOfFold': predicted == task['labels']}


def voted(cosines, labels, classes):
    """A column for each order of the labels."""
    nearest = np.argpartition(-cosines, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    votes = np.exp(np.take_along_axis(cosines, nearest, axis=1) / TEMPERATURE)
    cast = np.stack([(votes * (labels[nearest] == k)).sum(1) for k in range(classes)], axis=1)
    return cast.argmax(1)


def neighbours(train, test, task):
    labels, folds = task['labels'], task['folds']
    x, x_test = (split / np.linalg.norm(split, axis=1, keepdims=True) for split in (train, test))
    classes = labels.max() + 1
    among = np.where(folds[:, None] == folds, -np.inf, x @ x.T)
    to_test = x_test @ x.T
    shuffled = [(voted(to_test, own, classes) == task['test']).mean() for own in task['shuffles']]
    return {
        'outOfFold': voted(among, labels, classes) == labels, 'test': voted(to_test, labels, classes) == task['test'],
        'null': float(np.mean(shuffled)),
    }


METHODS = {'logistic-standardised': logistic, 'logistic-raw': logistic, 'knn': lambda _, *given: neighbours(*given)}


def probed(method, train, test, task):
    return METHODS[method](method, train.astype(np.float64), test.astype(np.float64), task)


def in_processes(function, calls):
    """One for each core, with one thread: on fits of this size, two threads of BLAS are several times slower than one."""
    return Parallel(n_jobs=2)(delayed(function)(*call) for call in calls)
