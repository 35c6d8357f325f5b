import time, collections, re
from sqlalchemy import event
from cases import demo
from engine.base import db
def test_it(own_app):
    with own_app.app_context():
        n=collections.Counter()
        def seen(conn,cursor,statement,params,context,many): n[re.sub(r'\s+',' ',statement)[:25]+' … '+ ' '.join(re.findall(r'(?:FROM|UPDATE|INTO) \S+.*',re.sub(r'\s+',' ',statement)))[:130]]+=1
        event.listen(db.engine,"before_cursor_execute",seen)
        t=time.time(); c=time.process_time()
        demo.seed(own_app.config["CASEWAY"])
        print("took", time.time()-t, time.process_time()-c, sum(n.values()))
        for k,v in n.most_common(25): print(v,k)
