"""HTTP in, HTTP out: a one-time code opens an account; the very first one also names the organization."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from accounts.forms import FirstOwnerForm, WelcomeForm
from accounts.routes import blueprint, hasher
from contest import entering, staffing
from contest.errors import CodeExpired, NameTaken, TextRefused
from contest.models import Account
from contest.naming import clean_line
from web.db import reading, writing
from web.limits import code_tried, limiter
from web.live import now
from web.roles import SignedIn
from web.sentences import sentence


@blueprint.get("/welcome")
def welcome() -> str:
    """The page on which a one-time code becomes an account with a password; the code may come with the address."""
    return _page(_form(code=request.args.get("code", "")[:64]))


@blueprint.post("/welcome")
@limiter.limit("10 per minute", key_func=code_tried)
@limiter.limit("120 per minute")
def redeem() -> tuple[str, int] | Response:
    """Use the code up, keep the password's hash and sign in. What was wrong stands in the form, codes alike."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        opened = _open(form)
    except CodeExpired as error:
        form.code.errors = [sentence(error)]
    except (NameTaken, TextRefused) as error:
        form[str(error.args_.get("field", "username"))].errors = [sentence(error)]
    else:
        session.permanent = True
        login_user(opened)
        flash(_("账号已启用，您已登录。"), "success")
        return redirect(url_for("organizer.home"), code=303)
    return _page(form), 422


def _form(**data: str) -> WelcomeForm:
    with reading() as db:
        kind = WelcomeForm if staffing.is_opened(db) else FirstOwnerForm
    return kind(request.form if request.method == "POST" else None, **data)


def _page(form: WelcomeForm) -> str:
    order = ("code", "organization", "display_name", "username", "password", "confirm")
    names = [name for name in order if name in form]
    return render_template("accounts/welcome.html", form=form, names=names, signed_in=current_user.is_authenticated)


def _open(form: WelcomeForm) -> SignedIn:
    """The account the code opens. Raises CodeExpired, NameTaken, TextRefused."""
    with reading() as db:
        staffing.account_of_code(db, code=form.code.data, now=now())
    password_hash = hasher.hash(form.password.data)  # A tenth of a second, so outside the transaction.
    with writing() as db:
        account = staffing.account_of_code(db, code=form.code.data, now=now())
        if staffing.is_first(db, account):
            _name(db, account, form)
        staffing.set_password(db, account=account, password_hash=password_hash)
        return SignedIn.of(account)


def _name(db: Session, account: Account, form: WelcomeForm) -> None:
    if not isinstance(form, FirstOwnerForm):
        raise CodeExpired  # Somebody opened the installation while this page was open.
    name = clean_line(form.organization.data, field="organization")
    staffing.open_first(
        db, account=account, organization=entering.organization_named(db, name), username=form.username.data,
        display_name=form.display_name.data,
    )  # fmt: skip
