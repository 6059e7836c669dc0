"""Pages of an employer's people."""

from django.urls import path

from employers.views import (
    agreement,
    approval,
    home,
    messages,
    paper,
    papers,
    reading,
    signatory,
    signing,
    steps,
    team,
)

app_name = "employers"

urlpatterns = [
    path("home/", home.home, name="home"),
    path("begin/", home.begin, name="begin"),
    path("onboarding/", home.tasks, name="tasks"),
    path("onboarding/agreement/wages/", agreement.wages, name="wages"),
    path("onboarding/agreement/wages/preview/", agreement.wages_preview, name="wages-preview"),
    path("onboarding/agreement/present/", agreement.present, name="present"),
    path("onboarding/agreement/link/", agreement.link, name="signing-link"),
    path("onboarding/agreement/paper/", paper.paper, name="paper"),
    path("onboarding/agreement/paper/start/", paper.start, name="paper-start"),
    path("onboarding/agreement/sign/", signing.sign, name="sign"),
    path("onboarding/agreement/sign/last/", signing.sign_last, name="sign-last"),
    path("onboarding/print/", papers.printout, name="printout"),
    path("onboarding/print/pdf/", papers.order_printout, name="order-printout"),
    path("onboarding/move/<slug:name>/", approval.move, name="move"),
    path("onboarding/standards/<int:pk>/", reading.program_document, name="program-document"),
    path("onboarding/<slug:slug>/", steps.step, name="step"),
    path("sign/done/", signatory.signed, name="signed"),
    path("sign/<str:token>/", signatory.read_and_sign, name="signatory"),
    path("sign/<str:token>/sign/", signatory.sign, name="signatory-sign"),
    path("sign/<str:token>/ask/", signatory.ask, name="signatory-ask"),
    path("sign/<str:token>/decline/", signatory.decline, name="signatory-decline"),
    path("sign/<str:token>/forward/", signatory.forward, name="signatory-forward"),
    path("sign/<str:token>/papers/<uuid:pk>/", signatory.paper, name="signatory-paper"),
    path("papers/scans/<uuid:pk>/", paper.scan, name="scan"),
    path("papers/", papers.papers, name="papers"),
    path("messages/", messages.messages, name="messages"),
    path("mail/", papers.mail, name="mail"),
    path("team/", team.team, name="team"),
    path("team/ask/", team.ask_invitation, name="ask-invitation"),
    path("team/members/<int:pk>/", team.member, name="member"),
    path("team/invitations/<uuid:pk>/", team.invitation, name="invitation"),
    path("join/<str:token>/", team.join, name="join"),
]
